using System.Globalization;
using Aurion.Data.Billing;
using Aurion.Web.Billing.Sync;
using Aurion.Web.Billing.Stripe;
using Aurion.Web.Infrastructure.Settings;

namespace Aurion.Web.Billing.Purchases;

/// <summary>Opens Stripe's payment page for a pack, and says how far a payment has come.</summary>
public sealed partial class PackSeller(
    StripeGateway stripe, PackStore packs, StripeCustomers customers, AccountConverger converger, SiteOptions site, TimeProvider clock, ILogger<PackSeller> log)
{
    /// <summary>The same wish opens the same page until it is paid. <paramref name="keepCard"/>: the card may pay top-ups later.</summary>
    public async Task<PackResult> OpenAsync(Guid userId, string pack, bool keepCard, CancellationToken ct)
    {
        try
        {
            var place = await BeginAsync(userId, pack, keepCard, ct);
            // The page that is open may have been paid or have expired without our knowing yet.
            if (place.Outcome == "OPEN")
            {
                await converger.ConvergeAsync("checkout.session", place.SessionId!, ct);
                if (await packs.FindAsync(userId, place.SessionId!, ct) is { Status: "open", Url: { } url })
                    return new PackResult.Opened(url);
                place = await BeginAsync(userId, pack, keepCard, ct);
            }
            return place.Outcome switch
            {
                "BEGUN" => await OpenAsync(userId, place, keepCard, ct),
                "NO_PRICE" => new PackResult.NotForSale(),
                "UNKNOWN_PACK" => new PackResult.UnknownPack(),
                _ => new PackResult.Unreachable(),
            };
        }
        catch (StripeUnreachableException fault)
        {
            LogUnreachable(fault, userId);
            return new PackResult.Unreachable();
        }
        catch (StripeRefusedException refusal)
        {
            LogRefused(refusal, userId, pack);
            return new PackResult.NotForSale();
        }
    }

    /// <summary>Null when this person opened no such page. When the webhook is late, asks Stripe itself.</summary>
    public async Task<PackPurchase?> FindAsync(Guid userId, string sessionId, CancellationToken ct)
    {
        var purchase = await packs.FindAsync(userId, sessionId, ct);
        if (purchase is null or { Granted: true } or { Status: "expired" })
            return purchase;
        try
        {
            await converger.ConvergeAsync("checkout.session", sessionId, ct);
        }
        catch (StripeUnreachableException)
        {
            // The page asks again, and the webhook comes when Stripe is back.
            return purchase;
        }
        return await packs.FindAsync(userId, sessionId, ct);
    }

    private Task<PackPlace> BeginAsync(Guid userId, string pack, bool keepCard, CancellationToken ct) =>
        packs.BeginAsync(userId, pack, keepCard, Guid.CreateVersion7(clock.GetUtcNow()), clock.GetUtcNow(), ct);

    private async Task<PackResult> OpenAsync(Guid userId, PackPlace place, bool keepCard, CancellationToken ct)
    {
        var (operation, buyer) = (place.OperationId!.Value, new Buyer(place.Email!, place.FullName, place.CustomerId));
        var opened = await customers.ForAsync(userId, buyer, customer => stripe.OpenPackCheckoutAsync(new CheckoutRequest(
            operation, userId, customer, place.PriceId!,
            $"{site.PublicOrigin}/billing/packs/return", $"{site.PublicOrigin}/billing/packs",
            CultureInfo.CurrentUICulture.TwoLetterISOLanguageName), keepCard, ct), ct);
        await packs.OpenAsync(userId, operation, opened.Id, opened.Url, opened.ExpiresAt ?? clock.GetUtcNow().AddHours(24), ct);
        LogOpened(userId, place.PriceId!, opened.Id);
        return opened.Url is { } url ? new PackResult.Opened(url) : new PackResult.Unreachable();
    }

    [LoggerMessage(LogLevel.Information, "User {UserId} opened checkout {SessionId} for pack price {PriceId}")]
    private partial void LogOpened(Guid userId, string priceId, string sessionId);

    [LoggerMessage(LogLevel.Warning, "Stripe did not answer; user {UserId} was told so")]
    private partial void LogUnreachable(Exception fault, Guid userId);

    [LoggerMessage(LogLevel.Error, "Stripe refused a payment page for pack {Pack}; user {UserId} was told so")]
    private partial void LogRefused(Exception fault, Guid userId, string pack);
}
