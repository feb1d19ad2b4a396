namespace Aurion.Web.Pages.Shared;

/// <summary>
/// What the frame of every signed-in page shows. Whoever reads it sets it: <c>HttpContext.Features.Set(shell)</c>.
/// </summary>
public sealed record Shell(
    string Plan, string Status, DateTimeOffset? RenewsAt, int Available, int Total, int Used, int Bonus, bool IsAdmin = false, string? Interval = null, bool EndsThen = false)
{
    /// <summary>"out", "low" (under a quarter), or nothing to say.</summary>
    public string? State => StateOf(Available, Total);

    public static string? StateOf(int available, int total) =>
        available <= 0 ? "out" : available * 4L < total ? "low" : null;
}
