using System.Globalization;
using Aurion.Data.Billing;
using Stripe;
using Stripe.Checkout;

namespace Aurion.Web.Billing.Stripe;

/// <summary>Packs: their prices, their payment page, and reading what was paid.</summary>
public sealed partial class StripeGateway
{
    private static readonly List<string> LinesAndPayment = ["line_items", "payment_intent.latest_charge", "payment_intent.payment_method"];

    /// <summary>The one-off price of a pack under a lookup key; a changed amount makes a new price, which takes the key over.</summary>
    public async Task<PackPrice> EnsurePackPriceAsync(Pack pack, CancellationToken ct)
    {
        var product = $"aurion_pack_{pack.Id}";
        await EnsureProductAsync(new ProductCreateOptions
        {
            Id = product,
            Name = string.Create(CultureInfo.InvariantCulture, $"AURION pack of {pack.Credits:N0} credits"),
            Metadata = new() { [StripeMapping.PackKey] = pack.Id },
        }, ct);
        var price = await EnsurePriceAsync(new PriceCreateOptions
        {
            Product = product,
            Currency = Currency,
            UnitAmount = pack.PriceCents,
            LookupKey = product,
            TransferLookupKey = true,
            Nickname = $"pack {pack.Id}",
        }, ct);
        return new PackPrice(price, product, pack.Id, Currency, pack.PriceCents);
    }

    /// <summary>Opens a payment page for one pack; the same operation always opens the same page.</summary>
    public Task<StripeCheckout> OpenPackCheckoutAsync(CheckoutRequest request, bool keepCard, CancellationToken ct)
    {
        var page = NewPage(request);
        page.Mode = "payment";
        page.InvoiceCreation = new() { Enabled = true };
        page.PaymentIntentData = keepCard ? new() { SetupFutureUsage = "off_session" } : null;
        return OpenPageAsync("pack", request, page, ct);
    }

    /// <summary>What a payment page sold and what became of the money, with the card when the person let us keep it.</summary>
    public async Task<(StripePurchase? Purchase, SavedCard? Kept)> FindPurchaseAsync(string session, CancellationToken ct) =>
        await FindAsync(stripe.Checkout.Sessions.GetAsync(session, new() { Expand = LinesAndPayment }, null, ct)) is { } found
            ? (found.ToPurchase(await FindMoneyBackAsync(found.PaymentIntent?.LatestCharge, ct)), found.ToKeptCard())
            : default;

    /// <summary>The payment page behind a payment; null when it came from elsewhere.</summary>
    public async Task<string?> FindCheckoutOfAsync(string intent, CancellationToken ct) =>
        (await CallAsync(stripe.Checkout.Sessions.ListAsync(new SessionListOptions { PaymentIntent = intent, Limit = 1 }, null, ct))).Data.FirstOrDefault()?.Id;
}
