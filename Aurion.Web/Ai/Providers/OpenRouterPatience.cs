namespace Aurion.Web.Ai.Providers;

/// <summary>How long a call may take: to its first event, between two events, and as a whole.</summary>
public sealed record OpenRouterPatience(TimeSpan First, TimeSpan Between, TimeSpan Whole)
{
    public static readonly OpenRouterPatience Default = new(TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(45), TimeSpan.FromMinutes(5));
}
