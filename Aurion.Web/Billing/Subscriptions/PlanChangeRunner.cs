using Aurion.Data.Billing;
using Aurion.Web.Billing.Stripe;
using Aurion.Web.Billing.Sync;
using Aurion.Web.Infrastructure.Jobs;

namespace Aurion.Web.Billing.Subscriptions;

/// <summary>
/// Brings Stripe to what a person wants. Each attempt looks first, so that a call whose answer was lost is not made again; the calls
/// are ordered so that stopping after any of them takes nothing away: the paid call comes before what was planned is dropped, a
/// schedule is changed in place, and taking back an end comes last.
/// </summary>
public sealed partial class PlanChangeRunner(
    StripeGateway stripe, PlanChangeStore intents, AccountConverger converger, JobFailures failures, TimeProvider clock, ILogger<PlanChangeRunner> log)
{
    // Nobody expects to be charged tomorrow for a button that was pressed today.
    private static readonly TimeSpan WorthCharging = TimeSpan.FromHours(1);
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan WhileMissing = TimeSpan.FromHours(1);
    private static readonly TimeSpan OnItsWay = TimeSpan.FromMinutes(2);
    private const int Refusals = 3;
    private const string Missing = "missing";

    /// <summary>The claimed intent comes one attempt further and is let go of; what Stripe did not answer stays open.</summary>
    public async Task RunAsync(PlanChangeIntent intent, CancellationToken ct)
    {
        try
        {
            if (await stripe.FindSubscriptionAsync(intent.SubscriptionId, ct) is not { } seen)
            {
                // Stripe keeps what has ended: our keys are of another account or mode. A cancellation stays until an operator has decided.
                await failures.ReportAsync<ApplyPlanChangesJob>($"subscription {intent.SubscriptionId}", new InvalidOperationException(
                    $"Stripe does not know the subscription that user {intent.UserId} wants to {intent.Kind}. Set the keys it was made with, or, if they were replaced for good, run `billing reconcile --end-missing`."));
                if (intent.Kind == "cancel")
                    await intents.RetryAsync(intent, Missing, clock.GetUtcNow() + WhileMissing, ct);
                else
                    await intents.SettleAsync(intent, "failed", Missing, null, null, ct);
                return;
            }
            var outcome = await BringAsync(intent, seen.Subscription, seen.LatestInvoice, ct);
            await converger.ConvergeAsync("subscription", intent.SubscriptionId, ct);
            await intents.SettleAsync(intent, outcome.State, outcome.Reason, outcome.PayUrl, outcome.Again, ct);
            LogCame(intent.UserId, intent.Kind, intent.PlanType, outcome.State, outcome.Reason);
        }
        catch (StripeUnreachableException fault)
        {
            LogWaits(fault, intent.UserId, intent.Kind, intent.PlanType);
            await intents.RetryAsync(intent, "unreachable", clock.GetUtcNow() + Wait(intent), ct);
        }
        // Something moved at Stripe between the look and the call: look again.
        catch (StripeRefusedException refusal) when (intent.Attempts < Refusals)
        {
            LogRefused(refusal, intent.UserId, intent.Kind, intent.PlanType);
            await intents.RetryAsync(intent, refusal.Code, clock.GetUtcNow() + Wait(intent), ct);
        }
        catch (StripeRefusedException refusal)
        {
            LogRefused(refusal, intent.UserId, intent.Kind, intent.PlanType);
            await intents.SettleAsync(intent, refusal.IsCardError ? "declined" : "failed", refusal.Code, null, null, ct);
        }
    }

    /// <summary>5 s, 10 s, 20 s … one minute at most.</summary>
    private static TimeSpan Wait(PlanChangeIntent intent) => TimeSpan.FromSeconds(Math.Min(60, 5 * Math.Pow(2, Math.Min(intent.Attempts - 1, 4))));

    private async Task<Outcome> BringAsync(PlanChangeIntent intent, StripeSubscription subscription, StripeInvoice? invoice, CancellationToken ct)
    {
        if (subscription.IsOver)
            return intent.Kind == "cancel" ? Outcome.Done : Outcome.Failed("over");
        if (intent.Kind == "upgrade")
            return await UpgradeAsync(intent, subscription, invoice, ct);
        // An earlier change that still waits for its payment is given up: the person wants something else now.
        if (subscription.HasPendingUpdate && invoice is { Status: "open" } unpaid)
            await WriteAsync(intent, "void", key => stripe.VoidInvoiceAsync(unpaid.Id, key, ct), ct);
        switch (intent.Kind)
        {
            case "downgrade":
                await PlanAsync(intent, subscription, ct);
                break;
            case "cancel" when subscription.IsEnding:
                break;
            case "cancel" when subscription.ScheduleId is { } schedule:
                await WriteAsync(intent, "end", key => stripe.EndByScheduleAsync(schedule, subscription, key, ct), ct);
                break;
            case "cancel":
                await WriteAsync(intent, "end", key => stripe.EndAsync(subscription.Id, key, ct), ct);
                break;
            default:
                await KeepAsync(intent, subscription, ct);
                break;
        }
        return Outcome.Done;
    }

    private async Task<Outcome> UpgradeAsync(PlanChangeIntent intent, StripeSubscription subscription, StripeInvoice? invoice, CancellationToken ct)
    {
        var price = intent.PriceId!;
        if (await LookAsync(intent, subscription, invoice, ct) is { } seen)
            return seen;
        if (intent.State == "confirming")
            return Outcome.Failed("expired");
        if (clock.GetUtcNow() - intent.CreatedAt > WorthCharging)
            return Outcome.Failed("late");
        // A call whose answer was lost a moment ago may still be on its way: under the same key it is the same call.
        if (intent.Attempts > 1 && !(clock.GetUtcNow() - intent.ChargeAttemptedAt < OnItsWay)
            && (await stripe.PreviewUpgradeAsync(subscription, price, ct)).AmountDue != intent.DueCents)
            return Outcome.Failed("moved");
        if (!await intents.BeginChargeAsync(intent, ct))
            return Outcome.Failed("superseded");
        await WriteAsync(intent, "upgrade", key => stripe.UpgradeAsync(subscription, price, key, ct), ct);
        if (await stripe.FindSubscriptionAsync(subscription.Id, ct) is not { } after)
            return Outcome.Failed("over");
        return await LookAsync(intent, after.Subscription, after.LatestInvoice, ct) ?? Outcome.Failed("refused");
    }

    /// <summary>What Stripe shows of an upgrade that was asked for: paid, waiting for the bank, declined; null when nothing of it is there.</summary>
    private async Task<Outcome?> LookAsync(PlanChangeIntent intent, StripeSubscription subscription, StripeInvoice? invoice, CancellationToken ct)
    {
        if (subscription.ItemPrice == intent.PriceId)
        {
            // Paid. If the person wants something else by now, that intent decides what follows.
            if (await intents.IsOpenAsync(intent, ct) && (subscription.ScheduleId is not null || intent.UndoesEnding))
                await KeepAsync(intent, subscription, ct);
            return Outcome.Done;
        }
        if (subscription.PendingPrice != intent.PriceId || invoice is not { Status: "open" })
            return null;
        if (await stripe.WaitsForPersonAsync(invoice.Id, ct))
            return new Outcome("confirming", null, invoice.HostedUrl, clock.GetUtcNow() + BetweenLooks);
        // Without the open invoice nothing is left of the attempt: plan, credits, price and what was planned are as they were.
        await WriteAsync(intent, "void", key => stripe.VoidInvoiceAsync(invoice.Id, key, ct), ct);
        return new Outcome("declined", null, null, null);
    }

    private async Task PlanAsync(PlanChangeIntent intent, StripeSubscription subscription, CancellationToken ct)
    {
        if (subscription.Price == intent.PriceId && !subscription.IsEnding)
            return;
        if (subscription.ScheduleId is not { } schedule)
        {
            await WriteAsync(intent, "schedule", key => stripe.ScheduleAsync(subscription.Id, key, ct), ct);
            if (await stripe.FindSubscriptionAsync(subscription.Id, ct) is not { Subscription: { ScheduleId: { } made } scheduled })
                return;
            (schedule, subscription) = (made, scheduled);
        }
        await WriteAsync(intent, "phases", key => stripe.PlanAsync(schedule, subscription, intent.PriceId!, key, ct), ct);
    }

    /// <summary>What was planned is dropped, then an end is taken back.</summary>
    private async Task KeepAsync(PlanChangeIntent intent, StripeSubscription subscription, CancellationToken ct)
    {
        if (subscription.ScheduleId is { } schedule)
        {
            await WriteAsync(intent, "release", key => stripe.ReleaseAsync(schedule, key, ct), ct);
            if (await stripe.FindSubscriptionAsync(subscription.Id, ct) is not { } released)
                return;
            subscription = released.Subscription;
        }
        if (subscription.IsEnding)
            await WriteAsync(intent, "keep", key => stripe.KeepAsync(subscription, key, ct), ct);
    }

    /// <summary>Stripe keeps the first answer of a key, its own faults included: after one of those the next attempt carries another.</summary>
    private async Task WriteAsync(PlanChangeIntent intent, string step, Func<string, Task> write, CancellationToken ct)
    {
        try
        {
            await write($"{step}:{intent.IntentId}:{intent.KeyAttempt}");
        }
        catch (StripeUnreachableException fault) when (fault.IsAnswer)
        {
            await intents.ChangeKeyAsync(intent, ct);
            throw;
        }
        catch (StripeRefusedException)
        {
            await intents.ChangeKeyAsync(intent, ct);
            throw;
        }
    }

    private sealed record Outcome(string State, string? Reason, string? PayUrl, DateTimeOffset? Again)
    {
        public static readonly Outcome Done = new("done", null, null, null);

        public static Outcome Failed(string reason) => new("failed", reason, null, null);
    }

    [LoggerMessage(LogLevel.Information, "The {Kind} of user {UserId} to {Plan}: {State} {Reason}")]
    private partial void LogCame(Guid userId, string kind, string plan, string state, string? reason);

    [LoggerMessage(LogLevel.Warning, "Stripe did not answer; the {Kind} of user {UserId} to {Plan} goes on later")]
    private partial void LogWaits(Exception fault, Guid userId, string kind, string plan);

    [LoggerMessage(LogLevel.Error, "Stripe refused the {Kind} of user {UserId} to {Plan}")]
    private partial void LogRefused(Exception fault, Guid userId, string kind, string plan);
}
