using Aurion.Data.Billing;
using Aurion.Web.Billing.Stripe;
using Aurion.Web.Billing.Sync;

namespace Aurion.Web.Billing.Purchases;

/// <summary>
/// Carries one top-up on from wherever it was left: not tried, tried with no answer, or waiting for the bank. What is noted
/// before the call makes it the same call however often it is made; what Stripe shows decides.
/// </summary>
public sealed partial class TopUpPayer(StripeGateway stripe, StripeReader reader, TopUpStore topUps, AccountConverger converger, TimeProvider clock, ILogger<TopUpPayer> log)
{
    // Stripe forgets an idempotency key after a day.
    private static readonly TimeSpan SafeToRepeat = TimeSpan.FromHours(23);
    private static readonly TimeSpan WorthTrying = TimeSpan.FromHours(1);

    public async Task ContinueAsync(OpenTopUp topUp, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(topUp);
        try
        {
            var known = topUp.PaymentIntentId ?? (topUp.AttemptedAt is null ? null : await stripe.FindTopUpOfAsync(topUp, ct));
            if (known is not null)
                await SettleAsync(topUp, known, ct);
            else if (clock.GetUtcNow() - topUp.CreatedAt > (topUp.AttemptedAt is null ? WorthTrying : SafeToRepeat))
                await topUps.EndAsync(topUp, null, ct);
            else
                await PayAsync(topUp, ct);
        }
        catch (StripeUnreachableException fault)
        {
            // It stays open, and the next run looks first.
            LogUnreachable(fault, topUp.UserId);
        }
        catch (StripeRefusedException refusal)
        {
            await StopAsync(topUp, Reason(refusal), ct);
        }
    }

    private async Task PayAsync(OpenTopUp topUp, CancellationToken ct)
    {
        var card = topUp.PaymentMethodId is null ? await stripe.FindCardAsync(topUp.CustomerId, ct) : null;
        var method = topUp.PaymentMethodId ?? card?.MethodId;
        if (method is null)
            await StopAsync(topUp, "no_card", ct);
        // The consent named a card: another one is not charged.
        else if (card is not null && (card.Brand, card.Last4) != (topUp.CardBrand, topUp.CardLast4))
            await StopAsync(topUp, "card_changed", ct);
        else if (await topUps.AttemptAsync(topUp, method, ct) is { } noted)
            await SettleAsync(topUp, await stripe.PayTopUpAsync(topUp, noted, ct), ct);
        else
            await topUps.EndAsync(topUp, null, ct);
    }

    private async Task SettleAsync(OpenTopUp topUp, string intent, CancellationToken ct)
    {
        var readSeq = await converger.BeginReadAsync(ct);
        var seen = await reader.ReadAsync("payment_intent", intent, ct);
        if (seen is { Purchase.Status: "failed" })
            await StopAsync(topUp, "declined", ct);
        else
            await converger.ConvergeAsync("payment_intent", intent, seen, readSeq, ct);
    }

    private async Task StopAsync(OpenTopUp topUp, string reason, CancellationToken ct)
    {
        if (await topUps.EndAsync(topUp, reason, ct))
            LogStopped(topUp.UserId, reason);
    }

    private static string Reason(StripeRefusedException refusal) =>
        refusal is { Code: "authentication_required" } or { DeclineCode: "authentication_required" } ? "authentication_required"
        : refusal.IsCardError ? "declined" : "refused";

    [LoggerMessage(LogLevel.Information, "Automatic top-ups of user {UserId} are stopped: {Reason}")]
    private partial void LogStopped(Guid userId, string reason);

    [LoggerMessage(LogLevel.Warning, "Stripe did not answer; the top-up of user {UserId} goes on later")]
    private partial void LogUnreachable(Exception fault, Guid userId);
}
