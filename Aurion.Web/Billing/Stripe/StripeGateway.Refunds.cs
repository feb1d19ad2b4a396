using Stripe;

namespace Aurion.Web.Billing.Stripe;

/// <summary>Undoing what should not have been sold.</summary>
public sealed partial class StripeGateway
{
    /// <summary>Ends a subscription at once; nothing when it is over already.</summary>
    public async Task EndNowAsync(string subscription, CancellationToken ct)
    {
        if (await FindSubscriptionAsync(subscription, ct) is { Subscription.IsOver: false })
            await CallAsync(stripe.Subscriptions.CancelAsync(subscription, new SubscriptionCancelOptions { Prorate = false }, null, ct));
    }

    /// <summary>
    /// Gives back all that a subscription's invoices took and that did not go back before; the cents that are back now, whoever gave
    /// them. A charge gives back what is left of it and never more, so the calls may be made any number of times.
    /// </summary>
    public async Task<int> RefundSubscriptionAsync(string subscription, CancellationToken ct)
    {
        var cents = 0;
        var invoices = ListAsync(stripe.Invoices.ListAutoPagingAsync(new InvoiceListOptions { Subscription = subscription, Limit = Page }, null, ct), ct);
        await foreach (var invoice in invoices)
        {
            var payments = ListAsync(stripe.InvoicePayments.ListAutoPagingAsync(new InvoicePaymentListOptions { Invoice = invoice.Id, Limit = Page }, null, ct), ct);
            await foreach (var payment in payments)
            {
                if (payment.Payment?.PaymentIntentId is { } intent && await FindIntentAsync(intent, ct) is { LatestCharge: { Paid: true } charge })
                    cents += await RefundRestAsync(charge, ct);
            }
        }
        return cents;
    }

    private async Task<int> RefundRestAsync(Charge charge, CancellationToken ct)
    {
        // What the bank has taken, or may take, is not given back a second time.
        if (charge is { Refunded: false, Disputed: false })
            await CallAsync(stripe.Refunds.CreateAsync(new RefundCreateOptions { Charge = charge.Id, Reason = "duplicate" }, null, ct));
        return StripeMapping.Cents(charge.Disputed ? charge.AmountRefunded : charge.Amount);
    }
}
