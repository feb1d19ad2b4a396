using System.Globalization;
using Aurion.Data.Billing;
using Aurion.Web.Billing.Stripe;
using Aurion.Web.Billing.Sync;
using Aurion.Web.Infrastructure.Settings;

namespace Aurion.Web.Billing.Purchases;

/// <summary>Stripe's payment pages: opens one for an offer, says how far its payment has come, and closes those that were replaced.</summary>
public sealed partial class PaymentPages(
    StripeGateway stripe, PurchaseStore purchases, StripeCustomers customers, AccountConverger converger, SiteOptions site, ILogger<PaymentPages> log)
{
    /// <summary>The same offer opens the same page until it is paid. <paramref name="keepCard"/>: the card may pay top-ups later.</summary>
    public async Task<PurchaseResult> OpenAsync(Guid userId, Offer offer, bool keepCard, CancellationToken ct)
    {
        try
        {
            // A round ends without a result when what was begun has changed meanwhile: a page ended, was closed or was opened by another request.
            for (var round = 0; round < 5; round++)
            {
                var place = await purchases.BeginAsync(userId, offer, keepCard, ct);
                PurchaseResult? result = place.Outcome switch
                {
                    "BEGUN" when (await purchases.ListClosingAsync(userId, ct)).Where(page => page.Kind == offer.Kind).ToList() is { Count: > 0 } replaced => await CloseAsync(replaced, ct),
                    "BEGUN" => await OpenAsync(userId, offer, place, keepCard, ct),
                    "OPEN" => await ShowAsync(userId, place.SessionId!, ct),
                    "SUBSCRIBED" => new PurchaseResult.Subscribed(),
                    "NO_PRICE" => new PurchaseResult.NotForSale(),
                    "UNKNOWN_OFFER" => new PurchaseResult.UnknownOffer(),
                    _ => throw new InvalidOperationException($"begin_purchase answered {place.Outcome}."),
                };
                if (result is not null)
                    return result;
            }
            return new PurchaseResult.Overtaken();
        }
        catch (StripeRefusedException refusal)
        {
            LogRefused(refusal, userId, offer.Id);
            return new PurchaseResult.NotForSale();
        }
    }

    /// <summary>Null when the page that is open has ended: it may have expired without our knowing yet.</summary>
    private async Task<PurchaseResult?> ShowAsync(Guid userId, string sessionId, CancellationToken ct)
    {
        await converger.ConvergeAsync("checkout.session", sessionId, ct);
        return await purchases.FindAsync(userId, sessionId, ct) switch
        {
            { Status: "open", Url: { } url } => new PurchaseResult.Opened(sessionId, url),
            // A plan whose payment is under way at the bank is bought; of a pack another one may be wanted.
            { Status: "complete", IsPlan: true } => new PurchaseResult.Subscribed(),
            _ => null,
        };
    }

    /// <summary>Two plans' pages that are open can both be paid: the new one waits until the others are closed. Null when they are; one of them may turn out to have been paid.</summary>
    private async Task<PurchaseResult?> CloseAsync(IReadOnlyList<ClosingPage> replaced, CancellationToken ct)
    {
        foreach (var page in replaced)
        {
            if (!await CloseAsync(page, ct))
                return new PurchaseResult.Overtaken();
        }
        return null;
    }

    /// <summary>Null when this person opened no such page. When the webhook is late, asks Stripe itself and converges by the same code.</summary>
    public async Task<Purchase?> FindAsync(Guid userId, string sessionId, CancellationToken ct)
    {
        var purchase = await purchases.FindAsync(userId, sessionId, ct);
        if (purchase is null or { Granted: true } or { Status: "expired" or "failed" })
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
        return await purchases.FindAsync(userId, sessionId, ct);
    }

    /// <summary>Closes a page that was replaced. False when Stripe still shows it open.</summary>
    public async Task<bool> CloseAsync(ClosingPage page, CancellationToken ct)
    {
        // It may have been paid, have expired, or have been closed by a call whose answer was lost.
        if (await IsClosedAsync(page, ct))
            return true;
        // Only a look that begins after the call shows what came of it, whoever else was closing the page.
        if (await stripe.ExpireCheckoutAsync(page.SessionId, ct))
            LogClosed(page.UserId, page.SessionId);
        return await IsClosedAsync(page, ct);
    }

    private async Task<bool> IsClosedAsync(ClosingPage page, CancellationToken ct)
    {
        await converger.ConvergeAsync("checkout.session", page.SessionId, ct);
        return await purchases.FindAsync(page.UserId, page.SessionId, ct) is not { Status: "closing" };
    }

    private async Task<PurchaseResult> OpenAsync(Guid userId, Offer offer, PurchasePlace place, bool keepCard, CancellationToken ct)
    {
        var (operation, buyer) = (place.OperationId!.Value, new Buyer(place.Email!, place.FullName, place.CustomerId));
        var opened = await customers.ForAsync(userId, buyer, customer =>
        {
            var request = new CheckoutRequest(
                operation, userId, customer, place.PriceId!, $"{site.PublicOrigin}/billing/return",
                site.PublicOrigin + (offer.IsPlan ? "/pricing" : "/billing/packs"), CultureInfo.CurrentUICulture.TwoLetterISOLanguageName);
            return offer.IsPlan ? stripe.OpenCheckoutAsync(request, ct) : stripe.OpenPackCheckoutAsync(request, keepCard, ct);
        }, ct);

        if (!await purchases.OpenAsync(userId, operation, opened.Id, opened.Url ?? "", opened.ExpiresAt, ct))
        {
            // It stays an obligation in the table, should this call fail.
            if (await stripe.ExpireCheckoutAsync(opened.Id, ct))
                await converger.ConvergeAsync("checkout.session", opened.Id, ct);
            return new PurchaseResult.Overtaken();
        }
        LogOpened(userId, place.PriceId!, opened.Id);
        return opened.Url is { } url ? new PurchaseResult.Opened(opened.Id, url) : new PurchaseResult.Subscribed();
    }

    [LoggerMessage(LogLevel.Information, "User {UserId} opened checkout {SessionId} for price {PriceId}")]
    private partial void LogOpened(Guid userId, string priceId, string sessionId);

    [LoggerMessage(LogLevel.Information, "Checkout {SessionId} of user {UserId} was replaced and is closed")]
    private partial void LogClosed(Guid userId, string sessionId);

    [LoggerMessage(LogLevel.Error, "Stripe refused a payment page for {Offer}; user {UserId} was told so")]
    private partial void LogRefused(Exception fault, Guid userId, string offer);
}
