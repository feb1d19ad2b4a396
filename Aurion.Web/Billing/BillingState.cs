using Aurion.Data.Billing;

namespace Aurion.Web.Billing;

/// <summary>The one thing that the billing page has to say first.</summary>
public enum BillingState
{
    Free, CheckoutOpen, Active, Changing, Ending, Ended, PaymentPending, PastDue, Frozen,
}

public static class BillingStates
{
    public static BillingState State(this BillingOverview billing)
    {
        ArgumentNullException.ThrowIfNull(billing);
        return billing switch
        {
            { Plan.IsFrozen: true } => BillingState.Frozen,
            { Plan.Status: "past_due" } => BillingState.PastDue,
            { Subscription.Status: "incomplete" } or { Subscription.HasPendingUpdate: true } => BillingState.PaymentPending,
            { Plan.Status: "canceled" } => BillingState.Ended,
            { Subscription.CancelAtPeriodEnd: true } => BillingState.Ending,
            { Subscription: { } s, Plan: { Interval: not null } p } when s.PlanType != p.Type || s.Interval != p.Interval => BillingState.Changing,
            { Plan.Interval: not null } => BillingState.Active,
            { Checkout: not null } => BillingState.CheckoutOpen,
            _ => BillingState.Free,
        };
    }
}
