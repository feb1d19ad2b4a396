using Stripe;

namespace Aurion.Web.Billing.Stripe;

/// <summary>Charges, and what became of them.</summary>
public sealed partial class StripeGateway
{
    /// <summary>What a charge paid and what went back, with the payment intent behind it.</summary>
    public async Task<(StripePayment Payment, string? Intent)?> FindPaymentAsync(string charge, CancellationToken ct)
    {
        if (await FindAsync(stripe.Charges.GetAsync(charge, null, null, ct)) is not { } found)
            return null;
        var intent = found.PaymentIntentId;
        var invoice = intent is null ? null : await FindInvoiceOfAsync(intent, ct);
        var back = await FindMoneyBackAsync(found, ct);
        return (new StripePayment(invoice, StripeMapping.Cents(found.Amount), back.Refunded, back.DisputeStatus, back.Disputed, back.Lost), intent);
    }

    /// <summary>A refund can still fail, a dispute can be about a part, and a charge can have several: each is looked at.</summary>
    private async Task<MoneyBack> FindMoneyBackAsync(Charge? charge, CancellationToken ct)
    {
        if (charge is null or { AmountRefunded: 0, Disputed: false })
            return MoneyBack.None;
        var refunds = charge.AmountRefunded == 0 ? []
            : await ListAsync(stripe.Refunds.ListAutoPagingAsync(new RefundListOptions { Charge = charge.Id, Limit = 100 }, null, ct), ct).ToListAsync(ct);
        var disputes = !charge.Disputed ? []
            : await ListAsync(stripe.Disputes.ListAutoPagingAsync(new DisputeListOptions { Charge = charge.Id, Limit = 100 }, null, ct), ct).ToListAsync(ct);
        var open = disputes.Where(dispute => !IsClosed(dispute)).ToList();
        return new MoneyBack(
            StripeMapping.Cents(refunds.Where(refund => refund.Status is not ("failed" or "canceled")).Sum(refund => refund.Amount)),
            (open.FirstOrDefault() ?? disputes.FirstOrDefault())?.Status,
            StripeMapping.Cents(open.Sum(dispute => dispute.Amount)),
            StripeMapping.Cents(disputes.Where(dispute => dispute.Status == "lost").Sum(dispute => dispute.Amount)));
    }

    private static bool IsClosed(Dispute dispute) => dispute.Status is "won" or "lost" or "warning_closed" or "prevented";

    /// <summary>The charge that a refund or a dispute is about.</summary>
    public async Task<string?> FindChargeOfAsync(string kind, string id, CancellationToken ct) => kind == "refund"
        ? (await FindAsync(stripe.Refunds.GetAsync(id, null, null, ct)))?.ChargeId
        : (await FindAsync(stripe.Disputes.GetAsync(id, null, null, ct)))?.ChargeId;

    // A charge does not name its invoice; the invoice's payment does.
    private async Task<string?> FindInvoiceOfAsync(string intent, CancellationToken ct) =>
        (await CallAsync(stripe.InvoicePayments.ListAsync(
            new InvoicePaymentListOptions { Payment = new() { Type = "payment_intent", PaymentIntent = intent } }, null, ct))).Data.FirstOrDefault()?.InvoiceId;
}
