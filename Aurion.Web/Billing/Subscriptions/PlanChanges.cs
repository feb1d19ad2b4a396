using Aurion.Data.Billing;
using Aurion.Web.Billing.Stripe;
using Aurion.Web.Billing.Sync;
using Aurion.Web.Credits.Live;
using Aurion.Web.Infrastructure.Jobs;

namespace Aurion.Web.Billing.Subscriptions;

/// <summary>
/// A person's subscription: previewed, changed, cancelled, resumed. What a person wants is written first and then brought about at
/// Stripe; when Stripe does not answer, <see cref="ApplyPlanChangesJob"/> goes on. What was previewed is what happens.
/// </summary>
public sealed partial class PlanChanges(
    StripeGateway stripe, SubscriptionStore subscriptions, BillingOverviewStore overviews, BillingStore billing, PlanChangeStore intents, PlanChangeRunner runner,
    AccountConverger converger, LowBalances low, JobQueue jobs, TimeProvider clock, ILogger<PlanChanges> log)
{
    // Within this time a preview may be confirmed.
    private static readonly TimeSpan Holds = TimeSpan.FromMinutes(30);

    public async Task<ChangeResult> PreviewAsync(Guid userId, string plan, string interval, CancellationToken ct)
    {
        var (refusal, ready) = await ReadAsync(userId, plan, interval, ct);
        return refusal ?? new ChangeResult.Previewed(ready!.Preview);
    }

    /// <summary>Does what was previewed, or shows the new figures when the old ones no longer hold.</summary>
    public async Task<ChangeResult> ChangeAsync(Guid userId, PlanChange change, CancellationToken ct)
    {
        // Pressed twice: what became of the first press.
        if (await intents.FindAsync(userId, change.OperationId, ct) is { } known)
            return Result(known);
        var now = clock.GetUtcNow();
        var (refusal, ready) = await ReadAsync(userId, change.Plan, change.Interval, ct);
        if (refusal is not null)
            return refusal;
        var preview = ready!.Preview;
        if (change.At > now || now - change.At > Holds || !preview.Promises(change.DueCents, change.CreditsAfter))
            return new ChangeResult.FiguresMoved(preview);
        LogWanted(userId, ready.Context.PlanType, preview.Plan, preview.IsNow ? "now" : "when the paid time ends");
        return await BeginAsync(new PlanChangeRequest
        {
            UserId = userId,
            IntentId = IntentId(change.OperationId),
            Kind = preview.IsNow ? "upgrade" : "downgrade",
            SubscriptionId = ready.Context.SubscriptionId,
            PlanType = preview.Plan,
            Interval = preview.Interval,
            PriceId = ready.Context.TargetPrice,
            DueCents = preview.DueCents,
            CreditsAfter = preview.CreditsAfter,
            EffectiveAt = preview.EffectiveAt,
            UndoesEnding = preview.UndoesEnding,
        }, ct);
    }

    /// <summary>Ends the plan when its paid time ends, in whatever state it is; a planned change to a smaller plan is dropped with it.</summary>
    public async Task<ChangeResult> CancelAsync(Guid userId, Guid operationId, bool stopTopUps, CancellationToken ct)
    {
        var overview = await overviews.GetAsync(userId, ct);
        if (overview is not { Subscription: { } subscription, Plan: var plan } || subscription.Status is "incomplete" or "incomplete_expired")
            return new ChangeResult.NoSubscription();
        LogCancelled(userId, plan.Type);
        return await BeginAsync(Request(userId, operationId, "cancel", overview) with { StopTopUps = stopTopUps }, ct);
    }

    /// <summary>Keeps the plan that is paid: takes back a cancellation, and a planned change.</summary>
    public async Task<ChangeResult> ResumeAsync(Guid userId, Guid operationId, CancellationToken ct)
    {
        var overview = await overviews.GetAsync(userId, ct);
        if (overview is not { Subscription: { } subscription, Plan: var plan } || subscription.Status is "incomplete" or "incomplete_expired")
            return new ChangeResult.NoSubscription();
        LogResumed(userId, plan.Type);
        return await BeginAsync(Request(userId, operationId, "resume", overview), ct);
    }

    /// <summary>How far a wish has come, after another try when one is due; null when this person has no such wish.</summary>
    public async Task<(PlanChangeIntent Intent, ChangeResult Result)?> FollowAsync(Guid userId, Guid intentId, CancellationToken ct)
    {
        if (await intents.FindAsync(userId, intentId, ct) is not { } intent)
            return null;
        if (intent.IsOpen && await intents.ClaimAsync(userId, intentId, ct) is { } claimed)
        {
            await runner.RunAsync(claimed, CancellationToken.None);
            intent = await intents.FindAsync(userId, intentId, ct) ?? intent;
        }
        return (intent, Result(intent));
    }

    private async Task<ChangeResult> BeginAsync(PlanChangeRequest request, CancellationToken ct)
    {
        await intents.BeginAsync(request, ct);
        if (request.StopTopUps)
            low.Forget();
        if (await intents.ClaimAsync(request.UserId, request.IntentId, ct) is { } intent)
            // A tab that is closed meanwhile must not cut a call in two.
            await runner.RunAsync(intent, CancellationToken.None);
        var result = Result((await intents.FindAsync(request.UserId, request.IntentId, ct))!);
        if (result is ChangeResult.Waiting)
            await jobs.WakeAsync<ApplyPlanChangesJob>(ct);
        return result;
    }

    private static ChangeResult Result(PlanChangeIntent intent) => intent switch
    {
        { State: "done", Kind: "cancel" } => new ChangeResult.Planned("Free", intent.EffectiveAt),
        { State: "done", Kind: "downgrade" } => new ChangeResult.Planned(intent.PlanName, intent.EffectiveAt),
        { State: "done" } => new ChangeResult.Changed(intent.PlanName),
        { State: "declined" } => new ChangeResult.Declined(),
        { State: "failed" or "superseded" } => new ChangeResult.Failed(intent.PlanName),
        { State: "confirming", PayUrl: { } url } => new ChangeResult.FinishPayment(url),
        _ => new ChangeResult.Waiting(intent.IntentId, intent.ChargeAttemptedAt is not null),
    };

    private static PlanChangeRequest Request(Guid userId, Guid operationId, string kind, BillingOverview overview) => new()
    {
        UserId = userId,
        IntentId = IntentId(operationId),
        Kind = kind,
        SubscriptionId = overview.Subscription!.Id,
        PlanType = overview.Plan.Interval is null ? overview.Subscription.PlanType : overview.Plan.Type,
        Interval = overview.Plan.Interval,
        EffectiveAt = overview.EndsAt(),
    };

    private static Guid IntentId(Guid operationId) => operationId == Guid.Empty ? throw new ArgumentException("A wish needs an operation.", nameof(operationId)) : operationId;

    private async Task<(ChangeResult? Refusal, Ready? Ready)> ReadAsync(Guid userId, string plan, string interval, CancellationToken ct)
    {
        if (await subscriptions.FindChangeAsync(userId, plan, interval, ct) is not { } context)
            return (new ChangeResult.NoSubscription(), null);
        if (context.TargetPrice is null)
            return (new ChangeResult.UnknownPlan(), null);
        if (context.Charging is { } charging)
            return (new ChangeResult.Waiting(charging, true), null);
        if (context.Status == "past_due")
            return (new ChangeResult.PaymentDue(), null);
        // Stripe would take the money while the bank holds what was paid before.
        if (context.IsDisputed)
            return (new ChangeResult.Disputed(), null);
        if ((context.PlanType == plan && context.Interval == interval) || (context.NextPlanType == plan && context.NextInterval == interval))
            return (new ChangeResult.Same(), null);
        if (await stripe.FindSubscriptionAsync(context.SubscriptionId, ct) is not { Subscription: var subscription })
            return (new ChangeResult.Failed(plan), null);
        if (subscription.IsOver)
        {
            await converger.ConvergeAsync("subscription", subscription.Id, ct);
            return (new ChangeResult.NoSubscription(), null);
        }

        var isNow = context.IsNow(interval);
        // Whole seconds, as Stripe counts.
        var now = DateTimeOffset.FromUnixTimeSeconds(clock.GetUtcNow().ToUnixTimeSeconds());
        var (due, after, carried) = isNow ? await PriceAsync(context, subscription, now, ct) : (0, context.Available, 0);
        return (null, new Ready(context, new ChangePreview(
            plan, context.TargetName!, interval, isNow, now, isNow ? now : context.PaidUntil, due, context.TargetCents, context.Available, after, context.TargetCredits,
            carried, context.PaidUntil, context.PlannedName, subscription.IsEnding)));
    }

    /// <summary>The money from Stripe's own preview, the credits from the functions that will give them.</summary>
    private async Task<(int Due, int After, int Carried)> PriceAsync(ChangeContext context, StripeSubscription subscription, DateTimeOffset now, CancellationToken ct)
    {
        var invoice = await stripe.PreviewUpgradeAsync(subscription, context.TargetPrice!, ct);
        var snapshot = new StripeSnapshot(
            subscription.CustomerId, null, subscription.Livemode, subscription with { Price = context.TargetPrice! },
            [invoice with { Id = "preview", Status = "paid", SubscriptionId = subscription.Id }], null);
        var account = await billing.PreviewAsync(snapshot.ToJson(), now, ct);
        return account.Available is { } available
            ? (invoice.AmountDue, available, account.Carried ?? 0)
            : throw new InvalidOperationException($"The change cannot be previewed: {account.Outcome} {account.Detail}");
    }

    private sealed record Ready(ChangeContext Context, ChangePreview Preview);

    [LoggerMessage(LogLevel.Information, "User {UserId} wants to change from {Before} to {After} {When}")]
    private partial void LogWanted(Guid userId, string before, string after, string when);

    [LoggerMessage(LogLevel.Information, "User {UserId} wants {Plan} to end with its paid time")]
    private partial void LogCancelled(Guid userId, string plan);

    [LoggerMessage(LogLevel.Information, "User {UserId} wants to keep {Plan}")]
    private partial void LogResumed(Guid userId, string plan);
}
