using Aurion.Data.Billing;

namespace Aurion.Web.Billing;

/// <summary>The one thing that the billing page has to say first.</summary>
public enum BillingState
{
    Free, CheckoutOpen, Lapsed, Active, Changing, Ending, Ended, PaymentPending, PastDue, Frozen, Trialing, Unpaid, Paused,
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
            { Subscription.CancelAtPeriodEnd: true } => BillingState.Ending,
            { Subscription.Status: "unpaid" } => BillingState.Unpaid,
            { Subscription.Status: "paused" } => BillingState.Paused,
            { Subscription.Status: "trialing", Plan.Interval: null } => BillingState.Trialing,
            { Plan.Status: "canceled" } => BillingState.Ended,
            { Subscription: { } s, Plan: { Interval: not null } p } when s.PlanType != p.Type || s.Interval != p.Interval => BillingState.Changing,
            { Plan.Interval: not null } => BillingState.Active,
            { Checkout: not null } => BillingState.CheckoutOpen,
            { Subscription.Status: "incomplete_expired" } => BillingState.Lapsed,
            _ => BillingState.Free,
        };
    }

    /// <summary>Where the time ends that is paid, or tried.</summary>
    public static DateTimeOffset EndsAt(this BillingOverview billing)
    {
        ArgumentNullException.ThrowIfNull(billing);
        return billing.Plan.PaidUntil ?? billing.Subscription?.PeriodEnd ?? billing.Plan.PeriodEnd;
    }
}
