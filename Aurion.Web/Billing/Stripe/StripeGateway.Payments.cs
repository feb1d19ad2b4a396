using System.Text.Json;

namespace Aurion.Web.Billing.Stripe;

/// <summary>Charges, and what became of them.</summary>
public sealed partial class StripeGateway
{
    /// <summary>What a charge paid and what went back, with the payment intent behind it.</summary>
    public async Task<(StripePayment Payment, string? Intent)?> FindPaymentAsync(string charge, CancellationToken ct)
    {
        if (await FindAsync(StripeCall.Get($"/v1/charges/{Uri.EscapeDataString(charge)}"), ct) is not { } json)
            return null;
        var intent = json.Id("payment_intent");
        var invoice = json.Id("invoice") ?? (intent is null ? null : await FindInvoiceOfAsync(intent, ct));
        return (new StripePayment(invoice, json.Int("amount"), json.Int("amount_refunded"), await FindDisputeAsync(json, ct)), intent);
    }

    /// <summary>How the latest dispute about a charge stands; null when there is none.</summary>
    private async Task<string?> FindDisputeAsync(JsonElement charge, CancellationToken ct) => charge.Flag("disputed")
        ? (await stripe.SendAsync(StripeCall.Get("/v1/disputes", new StripeForm { ["charge"] = charge.Required("id") }), ct)).List("data").FirstOrDefault().Text("status")
        : null;

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
