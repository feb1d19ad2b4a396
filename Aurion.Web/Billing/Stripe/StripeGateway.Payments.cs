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
        return (new StripePayment(invoice, StripeMapping.Cents(found.Amount), StripeMapping.Cents(found.AmountRefunded), await FindDisputeAsync(found, ct)), intent);
    }

    /// <summary>How the latest dispute about a charge stands; null when there is none.</summary>
    private async Task<string?> FindDisputeAsync(Charge? charge, CancellationToken ct) => charge is { Disputed: true }
        ? (await CallAsync(stripe.Disputes.ListAsync(new DisputeListOptions { Charge = charge.Id, Limit = 1 }, null, ct))).Data.FirstOrDefault()?.Status
        : null;

    /// <summary>The charge that a refund or a dispute is about.</summary>
    public async Task<string?> FindChargeOfAsync(string kind, string id, CancellationToken ct) => kind == "refund"
        ? (await FindAsync(stripe.Refunds.GetAsync(id, null, null, ct)))?.ChargeId
        : (await FindAsync(stripe.Disputes.GetAsync(id, null, null, ct)))?.ChargeId;

    // A charge does not name its invoice; the invoice's payment does.
    private async Task<string?> FindInvoiceOfAsync(string intent, CancellationToken ct) =>
        (await CallAsync(stripe.InvoicePayments.ListAsync(
            new InvoicePaymentListOptions { Payment = new() { Type = "payment_intent", PaymentIntent = intent } }, null, ct))).Data.FirstOrDefault()?.InvoiceId;
}
