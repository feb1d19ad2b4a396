using System.Globalization;
using Aurion.Data.Billing;
using Aurion.Web.Billing.Stripe;
using Aurion.Web.Infrastructure.Settings;

namespace Aurion.Web.Billing.Purchases;

/// <summary>Leads to the page on which a card is saved without a payment, and makes a saved card the one that pays top-ups.</summary>
public sealed partial class SavedCards(
    StripeGateway stripe, TopUpStore topUps, CustomerStore known, StripeCustomers customers, SiteOptions site, ILogger<SavedCards> log)
{
    /// <summary>The address of Stripe's page.</summary>
    public async Task<string> OpenAsync(Guid userId, CancellationToken ct)
    {
        var buyer = (await known.FindBuyerAsync(userId, ct))!;
        return await customers.ForAsync(userId, buyer, customer => stripe.OpenCardPageAsync(new CardPageRequest(
            userId, customer, $"{site.PublicOrigin}/billing/top-up/card", $"{site.PublicOrigin}/billing/top-up",
            CultureInfo.CurrentUICulture.TwoLetterISOLanguageName), ct), ct);
    }

    /// <summary>For who comes back from the page, perhaps before the webhook. Null when this person opened no such page.</summary>
    public async Task<CardResult?> ReturnAsync(Guid userId, string sessionId, CancellationToken ct) =>
        await known.FindCustomerAsync(userId, ct) is { } customer && await stripe.FindSavedCardAsync(sessionId, ct) is { } saved
            && saved.CustomerId == customer && saved.NamedUser == userId ? await KeepAsync(userId, saved, ct) : null;

    /// <summary>The same page may be told of any number of times; of two, the one that was opened later wins.</summary>
    public async Task<CardResult> KeepAsync(Guid userId, SavedCard saved, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(saved);
        if (saved.Card is not { } card)
            return new CardResult.Unfinished();
        try
        {
            if (await stripe.ChooseCardAsync(saved, ct))
            {
                await topUps.KeepCardAsync(userId, card.Brand, card.Last4, ct);
                LogKept(userId, saved.SessionId);
            }
            return new CardResult.Kept(card.Brand, card.Last4);
        }
        // Taken away again at Stripe, or the whole customer was: what else the page did must not wait for it.
        catch (StripeRefusedException refusal) when (refusal.Status is 400 or 404)
        {
            LogGone(refusal, userId, saved.SessionId);
            return new CardResult.Unfinished();
        }
    }

    [LoggerMessage(LogLevel.Information, "User {UserId} saved a card for top-ups by page {SessionId}")]
    private partial void LogKept(Guid userId, string sessionId);

    [LoggerMessage(LogLevel.Warning, "Stripe no longer has the card that user {UserId} saved by page {SessionId}")]
    private partial void LogGone(Exception refusal, Guid userId, string sessionId);
}

/// <summary>How far the wish to save a card has come.</summary>
public abstract record CardResult
{
    public sealed record Kept(string Brand, string Last4) : CardResult;

    /// <summary>The person has not finished the page, or the bank said no: nothing was saved.</summary>
    public sealed record Unfinished : CardResult;
}
