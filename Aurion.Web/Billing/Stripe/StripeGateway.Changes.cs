using System.Globalization;
using Stripe;

namespace Aurion.Web.Billing.Stripe;

/// <summary>Changes of a subscription. Each carries the operation of the person who pressed the button.</summary>
public sealed partial class StripeGateway
{
    /// <summary>What a change to another price would cost at an instant; the same words as the change itself.</summary>
    public async Task<StripeInvoice> PreviewChangeAsync(StripeSubscription subscription, string price, DateTimeOffset at, CancellationToken ct) =>
        await WholeAsync(await CallAsync(stripe.Invoices.CreatePreviewAsync(new InvoiceCreatePreviewOptions
        {
            Subscription = subscription.Id,
            SubscriptionDetails = new()
            {
                Items = [new() { Id = subscription.ItemId, Price = price }],
                ProrationBehavior = "always_invoice",
                ProrationDate = at.UtcDateTime,
            },
        }, null, ct)), ct);

    /// <summary>Changes the price now and bills the difference; the price stays as it was until that is paid.</summary>
    public Task ChangeNowAsync(StripeSubscription subscription, string price, DateTimeOffset at, Guid operationId, CancellationToken ct) =>
        CallAsync(stripe.Subscriptions.UpdateAsync(subscription.Id, new SubscriptionUpdateOptions
        {
            Items = [new() { Id = subscription.ItemId, Price = price }],
            ProrationBehavior = "always_invoice",
            ProrationDate = at.UtcDateTime,
            PaymentBehavior = "pending_if_incomplete",
        }, Key($"change:{operationId}"), ct));

    /// <summary>Lets the next period begin with another price.</summary>
    public async Task ChangeAtPeriodEndAsync(StripeSubscription subscription, string price, Guid operationId, CancellationToken ct)
    {
        var schedule = await CallAsync(stripe.SubscriptionSchedules.CreateAsync(
            new SubscriptionScheduleCreateOptions { FromSubscription = subscription.Id }, Key($"schedule:{operationId}"), ct));
        await CallAsync(stripe.SubscriptionSchedules.UpdateAsync(schedule.Id, new SubscriptionScheduleUpdateOptions
        {
            EndBehavior = "release",
            Phases =
            [
                new()
                {
                    Items = [new() { Price = subscription.ItemPrice, Quantity = 1 }],
                    StartDate = subscription.CurrentPeriodStart.UtcDateTime,
                    EndDate = subscription.CurrentPeriodEnd.UtcDateTime,
                },
                new() { Items = [new() { Price = price, Quantity = 1 }], ProrationBehavior = "none" },
            ],
        }, Key($"phases:{operationId}"), ct));
    }

    /// <summary>Forgets a change that was planned; what is paid stays.</summary>
    public Task DropPlannedChangeAsync(string schedule, Guid operationId, CancellationToken ct) =>
        CallAsync(stripe.SubscriptionSchedules.ReleaseAsync(schedule, null, Key($"release:{operationId}"), ct));

    public Task CancelAtPeriodEndAsync(string subscription, bool cancel, Guid operationId, CancellationToken ct) =>
        CallAsync(stripe.Subscriptions.UpdateAsync(
            subscription, new SubscriptionUpdateOptions { CancelAtPeriodEnd = cancel }, Key(string.Create(CultureInfo.InvariantCulture, $"cancel:{operationId}:{cancel}")), ct));

    /// <summary>Whether the invoice waits for the person (3-D Secure) rather than having been declined.</summary>
    public async Task<bool> WaitsForPersonAsync(string invoice, CancellationToken ct)
    {
        var payments = await ListAsync(stripe.InvoicePayments.ListAutoPagingAsync(new InvoicePaymentListOptions { Invoice = invoice }, null, ct), ct).ToListAsync(ct);
        return payments.Select(payment => payment.Payment?.PaymentIntentId).OfType<string>().LastOrDefault() is { } intent
            && await FindAsync(stripe.PaymentIntents.GetAsync(intent, null, null, ct)) is { Status: "requires_action" };
    }

    /// <summary>Gives up an invoice that was not paid, and with it the change that waited for it.</summary>
    public Task VoidInvoiceAsync(string invoice, CancellationToken ct) => CallAsync(stripe.Invoices.VoidInvoiceAsync(invoice, null, null, ct));
}
