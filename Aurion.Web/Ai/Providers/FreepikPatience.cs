namespace Aurion.Web.Ai.Providers;

/// <summary>How long one call may take, the fetching of a picture included.</summary>
public sealed record FreepikPatience(TimeSpan Call)
{
    public static readonly FreepikPatience Default = new(TimeSpan.FromSeconds(30));
}
