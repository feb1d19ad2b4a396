namespace Aurion.Web.Ai.Providers;

/// <summary>How long an answer may take: to its first event, between two events, and as a whole; and the record of what one cost.</summary>
public sealed record OpenRouterPatience(TimeSpan First, TimeSpan Between, TimeSpan Whole, TimeSpan Record)
{
    public static readonly OpenRouterPatience Default = new(TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(45), TimeSpan.FromMinutes(5), TimeSpan.FromSeconds(10));
}
