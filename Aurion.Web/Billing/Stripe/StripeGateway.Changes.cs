using Stripe;

namespace Aurion.Web.Billing.Stripe;

/// <summary>Changes of a subscription. Each carries the idempotency key of one attempt.</summary>
public sealed partial class StripeGateway
{
    /// <summary>What an upgrade would cost now; the same words as the upgrade itself.</summary>
    public async Task<StripeInvoice> PreviewUpgradeAsync(StripeSubscription subscription, string price, CancellationToken ct) =>
        await WholeAsync(await CallAsync(stripe.Invoices.CreatePreviewAsync(new InvoiceCreatePreviewOptions
        {
            Subscription = subscription.Id,
            SubscriptionDetails = new()
            {
                Items = [new() { Id = subscription.ItemId, Price = price }],
                BillingCycleAnchor = new() { Type = "now" },
                ProrationBehavior = "none",
            },
        }, null, ct)), ct);

    /// <summary>Begins a new period now, at another price and paid in full; everything stays as it was until that is paid.</summary>
    public Task UpgradeAsync(StripeSubscription subscription, string price, string key, CancellationToken ct) =>
        CallAsync(stripe.Subscriptions.UpdateAsync(subscription.Id, new SubscriptionUpdateOptions
        {
            Items = [new() { Id = subscription.ItemId, Price = price }],
            BillingCycleAnchor = new() { Type = "now" },
            ProrationBehavior = "none",
            PaymentBehavior = "pending_if_incomplete",
        }, Key(key), ct));

    /// <summary>Puts the subscription under a schedule that changes nothing; an end that was asked for stays.</summary>
    public Task ScheduleAsync(string subscription, string key, CancellationToken ct) =>
        CallAsync(stripe.SubscriptionSchedules.CreateAsync(new SubscriptionScheduleCreateOptions { FromSubscription = subscription }, Key(key), ct));

    /// <summary>Lets the next period begin with another price, and go on from there.</summary>
    public Task PlanAsync(string schedule, StripeSubscription subscription, string price, string key, CancellationToken ct) =>
        CallAsync(stripe.SubscriptionSchedules.UpdateAsync(schedule, new SubscriptionScheduleUpdateOptions
        {
            EndBehavior = "release",
            ProrationBehavior = "none",
            Phases = [PaidPhase(subscription), new() { Items = [new() { Price = price, Quantity = 1 }], ProrationBehavior = "none", Discounts = DiscountsOf(subscription) }],
        }, Key(key), ct));

    /// <summary>Ends a subscription under a schedule with its paid time; what was planned is dropped in the same call.</summary>
    public Task EndByScheduleAsync(string schedule, StripeSubscription subscription, string key, CancellationToken ct) =>
        CallAsync(stripe.SubscriptionSchedules.UpdateAsync(schedule, new SubscriptionScheduleUpdateOptions
        {
            EndBehavior = "cancel",
            ProrationBehavior = "none",
            Phases = [PaidPhase(subscription)],
        }, Key(key), ct));

    /// <summary>Forgets what a schedule was to do, an end included; what is paid stays.</summary>
    public Task ReleaseAsync(string schedule, string key, CancellationToken ct) =>
        CallAsync(stripe.SubscriptionSchedules.ReleaseAsync(schedule, null, Key(key), ct));

    public Task EndAsync(string subscription, string key, CancellationToken ct) =>
        CallAsync(stripe.Subscriptions.UpdateAsync(subscription, new SubscriptionUpdateOptions { CancelAtPeriodEnd = true }, Key(key), ct));

    /// <summary>Takes back an end: the flag, or a date of its own.</summary>
    public Task KeepAsync(StripeSubscription subscription, string key, CancellationToken ct)
    {
        var options = new SubscriptionUpdateOptions();
        if (subscription.CancelAtPeriodEnd)
            options.CancelAtPeriodEnd = false;
        else
            options.AddExtraParam("cancel_at", "");
        return CallAsync(stripe.Subscriptions.UpdateAsync(subscription.Id, options, Key(key), ct));
    }

    /// <summary>Whether the invoice waits for the person (3-D Secure) or the bank, rather than having been declined.</summary>
    public async Task<bool> WaitsForPersonAsync(string invoice, CancellationToken ct)
    {
        var payments = await ListAsync(stripe.InvoicePayments.ListAutoPagingAsync(new InvoicePaymentListOptions { Invoice = invoice }, null, ct), ct).ToListAsync(ct);
        return payments.Select(payment => payment.Payment?.PaymentIntentId).OfType<string>().LastOrDefault() is { } intent
            && await FindAsync(stripe.PaymentIntents.GetAsync(intent, null, null, ct)) is { Status: "requires_action" or "processing" };
    }

    /// <summary>Gives up an invoice that was not paid, and with it the change that waited for it.</summary>
    public Task VoidInvoiceAsync(string invoice, string key, CancellationToken ct) => CallAsync(stripe.Invoices.VoidInvoiceAsync(invoice, null, Key(key), ct));

    private static SubscriptionSchedulePhaseOptions PaidPhase(StripeSubscription subscription) => new()
    {
        Items = [new() { Price = subscription.ItemPrice, Quantity = 1 }],
        StartDate = (subscription.PhaseStart ?? subscription.CurrentPeriodStart).UtcDateTime,
        EndDate = subscription.CurrentPeriodEnd.UtcDateTime,
        Discounts = DiscountsOf(subscription),
    };

    // A phase that names no discounts takes the subscription's away; only the customer's are inherited.
    private static List<SubscriptionSchedulePhaseDiscountOptions>? DiscountsOf(StripeSubscription subscription) =>
        subscription.Discounts.Count == 0 ? null : [.. subscription.Discounts.Select(discount => new SubscriptionSchedulePhaseDiscountOptions { Discount = discount })];
}
