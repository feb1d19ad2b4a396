using Aurion.Data.Billing;
using Aurion.Web.Billing.Sync;
using Aurion.Web.Billing.Stripe;

namespace Aurion.Web.Billing.Subscriptions;

/// <summary>Changes a plan: more at once, when it is paid; less when the paid time ends. What was previewed is what happens.</summary>
public sealed partial class PlanChanger(
    StripeGateway stripe, ChangeStore changes, BillingStore billing, AccountConverger converger, TimeProvider clock, ILogger<PlanChanger> log)
{
    // Within this time a preview may be confirmed; Stripe bills as of the instant that was shown.
    private static readonly TimeSpan Holds = TimeSpan.FromMinutes(30);

    public async Task<ChangeResult> PreviewAsync(Guid userId, string plan, string interval, CancellationToken ct)
    {
        try
        {
            var (refusal, ready) = await ReadAsync(userId, plan, interval, Now(), ct);
            return refusal ?? new ChangeResult.Previewed(ready!.Preview);
        }
        catch (StripeUnreachableException)
        {
            return new ChangeResult.Unreachable();
        }
        catch (StripeRefusedException refusal)
        {
            LogRefused(refusal, userId, plan);
            return new ChangeResult.Unreachable();
        }
    }

    /// <summary>Does what was previewed, or shows the new figures when the old ones no longer hold.</summary>
    public async Task<ChangeResult> ConfirmAsync(Guid userId, PlanChange change, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(change);
        try
        {
            var now = Now();
            var stands = change.At <= now && now - change.At <= Holds;
            var (refusal, ready) = await ReadAsync(userId, change.Plan, change.Interval, stands ? change.At : now, ct);
            if (refusal is not null)
                return refusal;
            if (!stands || !ready!.Preview.Promises(change.DueCents, change.CreditsAfter))
                return new ChangeResult.FiguresMoved(ready!.Preview);
            return ready.Preview.IsNow
                ? await ChangeNowAsync(userId, ready, change.OperationId, ct)
                : await PlanAsync(userId, ready, change.OperationId, ct);
        }
        catch (StripeUnreachableException)
        {
            return new ChangeResult.Unreachable();
        }
        catch (StripeRefusedException refusal) when (refusal.IsCardError)
        {
            return new ChangeResult.Declined();
        }
        catch (StripeRefusedException refusal)
        {
            LogRefused(refusal, userId, change.Plan);
            return new ChangeResult.Unreachable();
        }
    }

    private async Task<(ChangeResult? Refusal, Ready? Ready)> ReadAsync(Guid userId, string plan, string interval, DateTimeOffset at, CancellationToken ct)
    {
        if (await changes.FindAsync(userId, plan, interval, ct) is not { } context)
            return (new ChangeResult.NoSubscription(), null);
        if (context.TargetPrice is null)
            return (new ChangeResult.UnknownPlan(), null);
        if (context.Status == "past_due")
            return (new ChangeResult.PaymentDue(context.OpenInvoiceUrl), null);
        // Stripe would take the money while the bank holds what it is the difference to.
        if (context.IsDisputed)
            return (new ChangeResult.Disputed(), null);
        if ((context.PlanType == plan && context.Interval == interval) || (context.NextPlanType == plan && context.NextInterval == interval))
            return (new ChangeResult.Same(), null);
        if (await stripe.FindSubscriptionAsync(context.SubscriptionId, ct) is not { Subscription: var subscription })
            return (new ChangeResult.NoSubscription(), null);
        if (subscription.IsOver)
        {
            await converger.ConvergeAsync("subscription", subscription.Id, ct);
            return (new ChangeResult.NoSubscription(), null);
        }

        var isNow = context.IsNow(interval);
        var (due, after) = isNow ? await PriceAsync(context, subscription, at, ct) : (0, context.Available);
        return (null, new Ready(context, subscription, new ChangePreview(
            plan, context.TargetName!, interval, isNow, at, isNow ? at : context.PaidUntil, due, context.TargetCents, context.Available, after, context.TargetCredits,
            context.PlannedName, context.CancelAtPeriodEnd)));
    }

    /// <summary>The money from Stripe's own preview, the credits from the functions that will give them.</summary>
    private async Task<(int Due, int After)> PriceAsync(ChangeContext context, StripeSubscription subscription, DateTimeOffset at, CancellationToken ct)
    {
        var invoice = await stripe.PreviewChangeAsync(subscription, context.TargetPrice!, at, ct);
        var snapshot = new StripeSnapshot(
            subscription.CustomerId, null, subscription.Livemode, subscription with { Price = context.TargetPrice! },
            [invoice with { Id = "preview", Status = "paid", SubscriptionId = subscription.Id }], null);
        var account = await billing.PreviewAsync(snapshot.ToJson(), at, ct);
        return account.Available is { } available
            ? (invoice.AmountDue, available)
            : throw new InvalidOperationException($"The change cannot be previewed: {account.Outcome} {account.Detail}");
    }

    private async Task<ChangeResult> ChangeNowAsync(Guid userId, Ready ready, Guid operationId, CancellationToken ct)
    {
        var id = ready.Subscription.Id;
        if (ready.Subscription.ScheduleId is { } schedule)
            await stripe.DropPlannedChangeAsync(schedule, operationId, ct);
        await stripe.ChangeNowAsync(ready.Subscription, ready.Context.TargetPrice!, ready.Preview.At, operationId, ct);

        var (changed, invoice) = await stripe.FindSubscriptionAsync(id, ct) ?? (ready.Subscription, null);
        if (changed.HasPendingUpdate && invoice is not null)
        {
            if (await stripe.WaitsForPersonAsync(invoice.Id, ct))
            {
                await converger.ConvergeAsync("subscription", id, ct);
                return invoice.HostedUrl is { } url ? new ChangeResult.FinishPayment(url) : new ChangeResult.Declined();
            }
            // Without the open invoice nothing is left of the attempt: plan, credits and price are as they were, and what was to come is to come.
            await stripe.VoidInvoiceAsync(invoice.Id, ct);
            if (ready.Subscription.ScheduleId is not null && ready.Subscription.Price != ready.Subscription.ItemPrice)
                await stripe.ChangeAtPeriodEndAsync(ready.Subscription, ready.Subscription.Price, operationId, ct);
            await converger.ConvergeAsync("subscription", id, ct);
            return new ChangeResult.Declined();
        }
        if (changed.CancelAtPeriodEnd)
            await stripe.CancelAtPeriodEndAsync(id, false, operationId, ct);
        await converger.ConvergeAsync("subscription", id, ct);
        LogChanged(userId, ready.Context.PlanType, ready.Preview.Plan);
        return new ChangeResult.Changed(ready.Preview.PlanName);
    }

    private async Task<ChangeResult> PlanAsync(Guid userId, Ready ready, Guid operationId, CancellationToken ct)
    {
        var subscription = ready.Subscription;
        if (subscription.ScheduleId is { } schedule)
            await stripe.DropPlannedChangeAsync(schedule, operationId, ct);
        if (subscription.CancelAtPeriodEnd)
            await stripe.CancelAtPeriodEndAsync(subscription.Id, false, operationId, ct);
        await stripe.ChangeAtPeriodEndAsync(subscription, ready.Context.TargetPrice!, operationId, ct);
        await converger.ConvergeAsync("subscription", subscription.Id, ct);
        LogPlanned(userId, ready.Context.PlanType, ready.Preview.Plan);
        return new ChangeResult.Planned(ready.Preview.PlanName, ready.Preview.EffectiveAt);
    }

    // Whole seconds, as Stripe counts.
    private DateTimeOffset Now() => DateTimeOffset.FromUnixTimeSeconds(clock.GetUtcNow().ToUnixTimeSeconds());

    private sealed record Ready(ChangeContext Context, StripeSubscription Subscription, ChangePreview Preview);

    [LoggerMessage(LogLevel.Error, "Stripe refused to change user {UserId} to {Plan}; the person was told so")]
    private partial void LogRefused(Exception fault, Guid userId, string plan);

    [LoggerMessage(LogLevel.Information, "User {UserId} changed from {Before} to {After}")]
    private partial void LogChanged(Guid userId, string before, string after);

    [LoggerMessage(LogLevel.Information, "User {UserId} will change from {Before} to {After} when the paid time ends")]
    private partial void LogPlanned(Guid userId, string before, string after);
}

/// <summary>A confirmed preview: the wish, the figures that were shown, and the operation that makes a retry safe.</summary>
public sealed record PlanChange(string Plan, string Interval, DateTimeOffset At, int DueCents, int CreditsAfter, Guid OperationId);
