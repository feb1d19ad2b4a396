namespace Aurion.Data.Billing;

/// <summary>All that a change of plan depends on: what is paid, and what is wanted.</summary>
public sealed record ChangeContext(
    string SubscriptionId, string Status, string PlanType, string Interval, int Sort, DateTimeOffset PaidUntil, bool CancelAtPeriodEnd,
    string NextPlanType, string NextName, string NextInterval, int Available, string? OpenInvoiceUrl, bool IsDisputed,
    string? TargetPrice, string? TargetName, int TargetSort, int TargetCents, int TargetCredits)
{
    /// <summary>The plan that was to follow at the end of the paid time, which another change takes the place of; null when none was.</summary>
    public string? PlannedName => (NextPlanType, NextInterval) == (PlanType, Interval) ? null : NextName;

    /// <summary>More, or a longer time, begins at once; less waits for the end of what was paid.</summary>
    public bool IsNow(string interval) => interval == Interval ? TargetSort > Sort : interval == "year" && TargetSort >= Sort;
}

/// <summary>What an account would be after a change.</summary>
public sealed record PreviewedAccount(string Outcome, string? Detail, string? PlanType, int? Available);
