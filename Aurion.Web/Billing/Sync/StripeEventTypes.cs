namespace Aurion.Web.Billing.Sync;

/// <summary>An event that we listen to, the kind of object it says to look at, and why that look can change an account.</summary>
public sealed record StripeEventType(string Type, string ObjectKind, string Why);

/// <summary>
/// The one list of Stripe's events: `billing setup` subscribes to exactly these, and the queue applies exactly these. The guide's six come first.
/// </summary>
public static class StripeEventTypes
{
    private const string Session = "checkout.session";
    private const string Subscription = "subscription";
    private const string Invoice = "invoice";
    private const string Refund = "refund";
    private const string Dispute = "dispute";

    public static IReadOnlyList<StripeEventType> All { get; } =
    [
        new("checkout.session.completed", Session, "a payment page was finished: a plan or a pack is paid, or a card is saved"),
        new("customer.subscription.created", Subscription, "a subscription began"),
        new("customer.subscription.updated", Subscription, "its price, its period, its state or its planned end changed"),
        new("customer.subscription.deleted", Subscription, "a subscription ended"),
        new("invoice.payment_succeeded", Invoice, "a period or a change was paid"),
        new("invoice.payment_failed", Invoice, "a renewal was declined: the grace begins"),
        new("checkout.session.async_payment_succeeded", Session, "a bank that takes its time said yes"),
        new("checkout.session.async_payment_failed", Session, "a bank that takes its time said no"),
        new("checkout.session.expired", Session, "the person's place for a payment page is free again"),
        new("invoice.paid", Invoice, "a period or a change was paid, also outside of Stripe"),
        new("invoice.finalized", Invoice, "an invoice can be shown and paid"),
        new("invoice.voided", Invoice, "an invoice is no longer due, and what waited for it is given up"),
        new("invoice.marked_uncollectible", Invoice, "an invoice will not be paid"),
        new("invoice.payment_action_required", Invoice, "the bank asks the person (3-D Secure)"),
        new("customer.subscription.paused", Subscription, "a trial ended without a card"),
        new("customer.subscription.resumed", Subscription, "a paused subscription goes on"),
        new("customer.subscription.pending_update_applied", Subscription, "a change that waited for its payment happened"),
        new("customer.subscription.pending_update_expired", Subscription, "a change that waited for its payment was given up"),
        new("charge.refunded", "charge", "money went back, and credits with it"),
        new("refund.created", Refund, "money is going back, and credits with it"),
        new("refund.updated", Refund, "a refund's state changed"),
        new("refund.failed", Refund, "money did not go back after all: the credits come back"),
        new("charge.dispute.created", Dispute, "a payment is contested: what it gave is held"),
        new("charge.dispute.updated", Dispute, "a dispute's amount or state changed"),
        new("charge.dispute.closed", Dispute, "a dispute was won or lost"),
        new("charge.dispute.funds_withdrawn", Dispute, "the contested money left us"),
        new("charge.dispute.funds_reinstated", Dispute, "the contested money came back"),
    ];

    public static IReadOnlyList<string> Names { get; } = [.. All.Select(e => e.Type)];

    private static readonly HashSet<(string Type, string Kind)> Known = [.. All.Select(e => (e.Type, e.ObjectKind))];

    /// <summary>Whether an event of this type, about an object of this kind, can change an account.</summary>
    public static bool Concerns(string type, string objectKind) => Known.Contains((type, objectKind));
}
