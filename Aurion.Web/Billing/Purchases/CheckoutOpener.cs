using System.Globalization;
using Aurion.Data.Billing;
using Aurion.Web.Billing.Sync;
using Aurion.Web.Billing.Stripe;
using Aurion.Web.Infrastructure.Settings;

namespace Aurion.Web.Billing.Purchases;

/// <summary>Opens Stripe's payment page for a plan: one customer, one open page and one subscription for each person.</summary>
public sealed partial class CheckoutOpener(
    StripeGateway stripe, CheckoutStore checkouts, StripeCustomers customers, AccountConverger converger, SiteOptions site, TimeProvider clock, ILogger<CheckoutOpener> log)
{
    public async Task<CheckoutResult> OpenAsync(Guid userId, string plan, string interval, CancellationToken ct)
    {
        try
        {
            var place = await checkouts.BeginAsync(userId, plan, interval, Guid.CreateVersion7(clock.GetUtcNow()), clock.GetUtcNow(), ct);
            return place.Outcome switch
            {
                "OPEN" => await ResumeAsync(userId, place, ct),
                "BEGUN" => await OpenAsync(userId, place, ct),
                "SUBSCRIBED" => new CheckoutResult.Subscribed(),
                "NO_PRICE" => new CheckoutResult.NotForSale(),
                _ => new CheckoutResult.UnknownPlan(),
            };
        }
        catch (StripeUnreachableException fault)
        {
            LogUnreachable(fault, userId);
            return new CheckoutResult.Unreachable();
        }
        catch (StripeRefusedException refusal)
        {
            LogRefused(refusal, userId, plan);
            return new CheckoutResult.Unreachable();
        }
    }

    /// <summary>The page that is open may have been paid or have expired without our knowing yet.</summary>
    private async Task<CheckoutResult> ResumeAsync(Guid userId, CheckoutPlace place, CancellationToken ct)
    {
        await converger.ConvergeAsync("checkout.session", place.SessionId!, ct);
        return await checkouts.FindAsync(userId, place.SessionId!, ct) switch
        {
            { Status: "open", Url: { } url } => new CheckoutResult.Opened(place.SessionId!, url),
            { Status: "complete" } => new CheckoutResult.Subscribed(),
            _ => new CheckoutResult.Overtaken(),
        };
    }

    private async Task<CheckoutResult> OpenAsync(Guid userId, CheckoutPlace place, CancellationToken ct)
    {
        if (place.ReplacedSessionId is { } replaced && !await stripe.ExpireCheckoutAsync(replaced, ct)
            && await converger.ConvergeAsync("checkout.session", replaced, ct) is ConvergeResult.Done
            && await checkouts.FindAsync(userId, replaced, ct) is { Status: "complete" })
            return new CheckoutResult.Subscribed();

        var (operation, buyer) = (place.OperationId!.Value, new Buyer(place.Email!, place.FullName, place.CustomerId));
        var opened = await customers.ForAsync(userId, buyer, customer => stripe.OpenCheckoutAsync(new CheckoutRequest(
            operation, userId, customer, place.PriceId!,
            $"{site.PublicOrigin}/billing/return", $"{site.PublicOrigin}/pricing",
            CultureInfo.CurrentUICulture.TwoLetterISOLanguageName), ct), ct);

        var expires = opened.ExpiresAt ?? clock.GetUtcNow().AddHours(24);
        if (!await checkouts.OpenAsync(userId, operation, opened.Id, opened.Url ?? "", expires, ct))
        {
            await stripe.ExpireCheckoutAsync(opened.Id, ct);
            return new CheckoutResult.Overtaken();
        }
        LogOpened(userId, place.PriceId!, opened.Id);
        return opened.Url is { } url ? new CheckoutResult.Opened(opened.Id, url) : new CheckoutResult.Subscribed();
    }

    [LoggerMessage(LogLevel.Information, "User {UserId} opened checkout {SessionId} for price {PriceId}")]
    private partial void LogOpened(Guid userId, string priceId, string sessionId);

    [LoggerMessage(LogLevel.Error, "Stripe refused a payment page for {Plan}; user {UserId} was told so")]
    private partial void LogRefused(Exception fault, Guid userId, string plan);

    [LoggerMessage(LogLevel.Warning, "Stripe did not answer; user {UserId} was told so")]
    private partial void LogUnreachable(Exception fault, Guid userId);
}
