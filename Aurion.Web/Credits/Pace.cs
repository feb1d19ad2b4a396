namespace Aurion.Web.Credits;

/// <summary>What the last days of spending say about the day the credits come back.</summary>
public sealed record Pace(int PerDay, int LeftAtRenewal, DateTimeOffset? RunsOutAt)
{
    /// <summary>Fewer days of use say nothing about the days to come.</summary>
    public const int LeastDays = 5;

    /// <summary>Averages over the days the account has really lived, so that a newcomer's first launch is not diluted by thirty empty days.</summary>
    public static Pace Of(int available, int spent, DateTimeOffset since, DateTimeOffset now, DateTimeOffset renewsAt)
    {
        var perDay = spent / Math.Max(1, (now - since).TotalDays);
        var daysLeft = Math.Max(0, (renewsAt - now).TotalDays);
        var left = available - (perDay * daysLeft);
        return left >= 0 || available <= 0
            ? new Pace((int)Math.Round(perDay), Math.Max(0, (int)Math.Floor(left)), RunsOutAt: null)
            : new Pace((int)Math.Round(perDay), 0, now.AddDays(available / perDay));
    }
}
