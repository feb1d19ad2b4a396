namespace Aurion.Sandbox.Seed;

/// <summary>Somebody of the demo data, and what they did.</summary>
internal sealed record DemoPerson(Guid Id, string Email, string FullName, string Locale, DateTimeOffset JoinedAt)
{
    public DemoSubscription? Subscription { get; init; }

    public IReadOnlyList<DemoLaunch> Launches { get; init; } = [];
}

/// <summary>What a person bought: from when, when they asked to stop, and whether the latest renewal failed.</summary>
internal sealed record DemoSubscription(string Plan, string Interval, DateTimeOffset StartedAt, DateTimeOffset? CancelledAt = null, bool LastPaymentFailed = false)
{
    private int Months => Interval == "year" ? 12 : 1;

    /// <summary>The start of each paid period up to a moment, and the end of the last.</summary>
    public IEnumerable<(DateTimeOffset Start, DateTimeOffset End)> Periods(DateTimeOffset until)
    {
        for (var n = 0; StartedAt.AddMonths(n * Months) <= until; n++)
        {
            var period = (Start: StartedAt.AddMonths(n * Months), End: StartedAt.AddMonths((n + 1) * Months));
            yield return period;
            if (CancelledAt < period.End)
                yield break;
        }
    }
}

/// <summary>One launch of an embedded tool.</summary>
internal sealed record DemoLaunch(DateTimeOffset At, string Tool);
