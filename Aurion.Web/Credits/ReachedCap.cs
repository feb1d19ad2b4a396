namespace Aurion.Web.Credits;

/// <summary>A spend that the owner's own cap refuses: what it costs, what the cap has left, and when it begins anew. Credits.</summary>
public sealed record ReachedCap(bool IsDaily, int Required, int Left, DateTimeOffset EndsAt)
{
    /// <summary>The cap that an outcome of the database names, or null.</summary>
    public static ReachedCap? Of(string outcome, int required, int left, DateTimeOffset? endsAt) =>
        outcome is "DAILY_CAP" or "MONTHLY_CAP" ? new(outcome == "DAILY_CAP", required, left, endsAt!.Value) : null;
}
