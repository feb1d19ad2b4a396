using System.Globalization;

namespace Aurion.Web.Credits;

/// <summary>A spend that the owner's own cap refuses: what it costs, what the cap has left, and when it begins anew. Credits.</summary>
public sealed record ReachedCap(bool IsDaily, int Required, int Left, DateTimeOffset EndsAt)
{
    /// <summary>The cap that an outcome of the database names, or null.</summary>
    public static ReachedCap? Of(string outcome, int required, int left, DateTimeOffset? endsAt) =>
        outcome is "DAILY_CAP" or "MONTHLY_CAP" ? new(outcome == "DAILY_CAP", required, left, endsAt!.Value) : null;

    /// <summary>The refusal of the API.</summary>
    public IResult Problem() => ApiProblem.Answer(StatusCodes.Status403Forbidden, IsDaily ? "DAILY_CAP" : "MONTHLY_CAP", "Own spending limit reached",
        new("This costs {0} credits and the limit that the account's owner set has {1} left; it begins anew at {2}.", Required, Left, EndsAt.UtcDateTime.ToString("u", CultureInfo.InvariantCulture)),
        ("required", Required), ("available", Left), ("endsAt", EndsAt), ("settings_url", CapWords.Settings));
}
