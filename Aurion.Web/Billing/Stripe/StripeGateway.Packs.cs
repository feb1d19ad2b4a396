using System.Globalization;
using Aurion.Data.Billing;

namespace Aurion.Web.Billing.Stripe;

/// <summary>Packs: their prices, their payment page, and reading what was paid.</summary>
public sealed partial class StripeGateway
{
    /// <summary>The one-off price of a pack under a lookup key; a changed amount makes a new price, which takes the key over.</summary>
    public async Task<PackPrice> EnsurePackPriceAsync(Pack pack, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(pack);
        var product = $"aurion_pack_{pack.Id}";
        if (await FindAsync(StripeCall.Get($"/v1/products/{product}"), ct) is null)
            await stripe.SendAsync(StripeCall.Post("/v1/products", $"setup:{product}", new StripeForm
            {
                ["id"] = product,
                ["name"] = string.Create(CultureInfo.InvariantCulture, $"AURION pack of {pack.Credits:N0} credits"),
                [$"metadata[{StripeReading.PackKey}]"] = pack.Id,
            }), ct);

        var amount = pack.PriceCents.ToString(CultureInfo.InvariantCulture);
        var list = await stripe.SendAsync(StripeCall.Get("/v1/prices", new StripeForm { ["lookup_keys[0]"] = product, ["active"] = "true" }), ct);
        var price = list.List("data").FirstOrDefault(p =>
            p.Int("unit_amount") == pack.PriceCents && p.Text("currency") == Currency && p.Id("product") == product && p.Text("type") == "one_time");
        if (price.Text("id") is null)
            price = await stripe.SendAsync(StripeCall.Post("/v1/prices", $"setup:{product}:{amount}", new StripeForm
            {
                ["product"] = product,
                ["currency"] = Currency,
                ["unit_amount"] = amount,
                ["lookup_key"] = product,
                ["transfer_lookup_key"] = "true",
                ["nickname"] = $"pack {pack.Id}",
            }), ct);
        return new PackPrice(price.Required("id"), product, pack.Id, Currency, pack.PriceCents);
    }

    /// <summary>Opens a payment page for one pack; the same operation always opens the same page.</summary>
    public async Task<StripeCheckout> OpenPackCheckoutAsync(CheckoutRequest request, bool keepCard, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(request);
        var (user, operation) = (request.UserId.ToString(), request.OperationId.ToString());
        // Language and customer are part of the key: the same key with other words would be refused.
        return StripeReading.Checkout(await stripe.SendAsync(StripeCall.Post("/v1/checkout/sessions", $"pack:{operation}:{request.Locale}:{request.CustomerId}", new StripeForm
        {
            ["mode"] = "payment",
            ["customer"] = request.CustomerId,
            ["client_reference_id"] = user,
            ["line_items[0][price]"] = request.Price,
            ["line_items[0][quantity]"] = "1",
            ["allow_promotion_codes"] = "true",
            ["invoice_creation[enabled]"] = "true",
            ["payment_intent_data[setup_future_usage]"] = keepCard ? "off_session" : null,
            ["success_url"] = $"{request.ReturnUrl}?session_id={{CHECKOUT_SESSION_ID}}",
            ["cancel_url"] = request.CancelUrl,
            ["locale"] = request.Locale,
            [$"metadata[{StripeReading.UserKey}]"] = user,
            [$"metadata[{StripeReading.OperationKey}]"] = operation,
        }), ct));
    }

    /// <summary>What a payment page sold and what became of the money, with the card when the person let us keep it.</summary>
    public async Task<(StripePurchase? Purchase, SavedCard? Kept)> FindPurchaseAsync(string session, CancellationToken ct)
    {
        var whole = new StripeForm { ["expand[0]"] = "line_items", ["expand[1]"] = "payment_intent.latest_charge", ["expand[2]"] = "payment_intent.payment_method" };
        return await FindAsync(StripeCall.Get($"/v1/checkout/sessions/{Uri.EscapeDataString(session)}", whole), ct) is { } json
            ? (StripeReading.Purchase(json, await FindDisputeAsync(json.At("payment_intent", "latest_charge"), ct)), StripeReading.KeptCard(json))
            : default;
    }

    /// <summary>The payment page behind a payment; null when it came from elsewhere.</summary>
    public async Task<string?> FindCheckoutOfAsync(string intent, CancellationToken ct)
    {
        var list = await stripe.SendAsync(StripeCall.Get("/v1/checkout/sessions", new StripeForm { ["payment_intent"] = intent }), ct);
        return list.List("data").FirstOrDefault().Text("id");
    }
}
