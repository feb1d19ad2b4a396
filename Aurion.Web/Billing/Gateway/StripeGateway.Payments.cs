namespace Aurion.Web.Billing.Gateway;

/// <summary>Charges, and what became of them.</summary>
public sealed partial class StripeGateway
{
    /// <summary>What a charge paid and what went back; null when it paid no invoice.</summary>
    public async Task<StripePayment?> FindPaymentAsync(string charge, CancellationToken ct)
    {
        if (await FindAsync(StripeCall.Get($"/v1/charges/{Uri.EscapeDataString(charge)}"), ct) is not { } json)
            return null;
        var invoice = json.Id("invoice") ?? (json.Id("payment_intent") is { } intent ? await FindInvoiceOfAsync(intent, ct) : null);
        if (invoice is null)
            return null;
        var disputes = json.Flag("disputed")
            ? (await stripe.SendAsync(StripeCall.Get("/v1/disputes", new StripeForm { ["charge"] = charge }), ct)).List("data").ToList()
            : [];
        return new StripePayment(invoice, json.Int("amount"), json.Int("amount_refunded"), disputes.FirstOrDefault().Text("status"));
    }

    /// <summary>The charge that a refund or a dispute is about.</summary>
    public async Task<string?> FindChargeOfAsync(string kind, string id, CancellationToken ct) =>
        await FindAsync(StripeCall.Get($"/v1/{kind}s/{Uri.EscapeDataString(id)}"), ct) is { } json ? json.Id("charge") : null;

    // Since 2025-03-31 a charge no longer names its invoice; the invoice's payment does.
    private async Task<string?> FindInvoiceOfAsync(string intent, CancellationToken ct)
    {
        var payments = await stripe.SendAsync(StripeCall.Get("/v1/invoice_payments", new StripeForm
        {
            ["payment[type]"] = "payment_intent",
            ["payment[payment_intent]"] = intent,
        }), ct);
        return payments.List("data").Select(p => p.Id("invoice")).OfType<string>().FirstOrDefault();
    }
}
