using Aurion.Data.Billing;

namespace Aurion.Web.Billing;

/// <summary>The one thing that the billing page has to say first.</summary>
public enum BillingState
{
    Free, CheckoutOpen, Lapsed, Active, Changing, Ending, Ended, PaymentPending, PastDue, Frozen, Trialing, Unpaid, Paused, CollectionPaused,
}

public static class BillingStates
{
    public static BillingState State(this BillingOverview billing)
    {
        ArgumentNullException.ThrowIfNull(billing);
        return billing switch
        {
            { Plan: { IsFrozen: true, IsDisputed: false } } => BillingState.Frozen,
            { Plan.Status: "past_due" } => BillingState.PastDue,
            { Subscription.Status: "incomplete" } or { Subscription.HasPendingUpdate: true } => BillingState.PaymentPending,
            { Subscription.IsEnding: true } => BillingState.Ending,
            { Subscription.Status: "unpaid" } => BillingState.Unpaid,
            { Subscription.Status: "paused" } => BillingState.Paused,
            { Subscription: { PauseBehavior: not null, Status: "active" } } => BillingState.CollectionPaused,
            { Subscription.Status: "trialing", Plan.Interval: null } => BillingState.Trialing,
            { Plan.Status: "canceled" } => BillingState.Ended,
            { Subscription: { } s, Plan: { Interval: not null } p } when s.PlanType != p.Type || s.Interval != p.Interval => BillingState.Changing,
            { Plan.Interval: not null } => BillingState.Active,
            { Checkout: not null } => BillingState.CheckoutOpen,
            { Subscription.Status: "incomplete_expired" } => BillingState.Lapsed,
            _ => BillingState.Free,
        };
    }

    /// <summary>Where the time ends that is paid, or tried, or owed; a date of its own may be later.</summary>
    public static DateTimeOffset EndsAt(this BillingOverview billing)
    {
        ArgumentNullException.ThrowIfNull(billing);
        var end = billing is { Plan: { PaidUntil: { } paid, Status: not "past_due" } } ? paid : billing.Subscription?.PeriodEnd ?? billing.Plan.PaidUntil ?? billing.Plan.PeriodEnd;
        return billing.Subscription?.CancelAt is { } date && date > end ? date : end;
    }
}
