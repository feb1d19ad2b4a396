namespace Aurion.Web.Billing.Stripe;

/// <summary>What Aurion asks of Stripe, in our own words; nothing else knows Stripe's JSON. Reading comes first, then changes.</summary>
public sealed partial class StripeGateway(IStripeTransport stripe)
{
    private static readonly StripeForm WithInvoiceAndCard = new()
    {
        ["expand[0]"] = "latest_invoice",
        ["expand[1]"] = "default_payment_method",
        ["expand[2]"] = "schedule",
        ["expand[3]"] = "discounts",
    };

    /// <summary>The subscription with its latest invoice, which one call brings together.</summary>
    public async Task<(StripeSubscription Subscription, StripeInvoice? LatestInvoice)?> FindSubscriptionAsync(string id, CancellationToken ct)
    {
        if (await FindAsync(StripeCall.Get($"/v1/subscriptions/{Uri.EscapeDataString(id)}", WithInvoiceAndCard), ct) is not { } json)
            return null;
        var invoice = json.At("latest_invoice");
        return (StripeReading.Subscription(json), invoice.Text("id") is null ? null : StripeReading.Invoice(invoice));
    }

    public async Task<StripeInvoice?> FindInvoiceAsync(string id, CancellationToken ct) =>
        await FindAsync(StripeCall.Get($"/v1/invoices/{Uri.EscapeDataString(id)}"), ct) is { } json ? StripeReading.Invoice(json) : null;

    public async Task<StripeCheckout?> FindCheckoutAsync(string id, CancellationToken ct) =>
        await FindAsync(StripeCall.Get($"/v1/checkout/sessions/{Uri.EscapeDataString(id)}"), ct) is { } json ? StripeReading.Checkout(json) : null;

    private async Task<System.Text.Json.JsonElement?> FindAsync(StripeCall call, CancellationToken ct)
    {
        try
        {
            return await stripe.SendAsync(call, ct);
        }
        catch (StripeRefusedException refusal) when (refusal.IsMissing)
        {
            return null;
        }
    }
}
