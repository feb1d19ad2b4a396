namespace Aurion.Web.Ai.Providers;

/// <summary>How long an answer may take: to its first event, between two events, and as a whole; the record of what one cost; and a picture.</summary>
public sealed record OpenRouterPatience(TimeSpan First, TimeSpan Between, TimeSpan Whole, TimeSpan Record, TimeSpan Picture)
{
    public static readonly OpenRouterPatience Default = new(TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(45), TimeSpan.FromMinutes(5), TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(2));
}
