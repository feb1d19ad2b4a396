using Aurion.Data.Billing;
using Aurion.Web.Billing.Sync;
using Aurion.Web.Billing.Stripe;

namespace Aurion.Web.Billing.Subscriptions;

/// <summary>Ends a plan when its paid time ends, and takes that back.</summary>
public sealed partial class PlanEnder(
    StripeGateway stripe, BillingOverviewStore billing, AccountConverger converger, ILogger<PlanEnder> log)
{
    /// <summary>A planned change to a smaller plan is dropped with it.</summary>
    public async Task<ChangeResult> CancelAsync(Guid userId, Guid operationId, CancellationToken ct)
    {
        var overview = await billing.GetAsync(userId, ct);
        if (overview is not { Subscription: { } subscription, Plan: var plan } || subscription.Status is "incomplete" or "incomplete_expired")
            return new ChangeResult.NoSubscription();
        if (overview.State() is BillingState.PastDue or BillingState.Frozen)
            return new ChangeResult.PaymentDue(subscription.OpenInvoiceUrl);
        return await DoAsync(subscription.Id, async found =>
        {
            if (found.ScheduleId is { } schedule)
                await stripe.DropPlannedChangeAsync(schedule, operationId, ct);
            await stripe.CancelAtPeriodEndAsync(found.Id, true, operationId, ct);
            LogCancelled(userId, plan.Type);
            return new ChangeResult.Planned("Free", overview.EndsAt());
        }, ct);
    }

    /// <summary>Keeps the plan that is paid: takes back a cancellation, and a planned change.</summary>
    public async Task<ChangeResult> ResumeAsync(Guid userId, Guid operationId, CancellationToken ct)
    {
        var overview = await billing.GetAsync(userId, ct);
        if (overview is not { Subscription: { } subscription, Plan: var plan })
            return new ChangeResult.NoSubscription();
        return await DoAsync(subscription.Id, async found =>
        {
            if (found.ScheduleId is { } schedule)
                await stripe.DropPlannedChangeAsync(schedule, operationId, ct);
            if (found.CancelAtPeriodEnd)
                await stripe.CancelAtPeriodEndAsync(found.Id, false, operationId, ct);
            LogResumed(userId, plan.Type);
            return new ChangeResult.Changed(plan.Interval is null ? subscription.PlanName : plan.Name);
        }, ct);
    }

    private async Task<ChangeResult> DoAsync(string id, Func<StripeSubscription, Task<ChangeResult>> act, CancellationToken ct)
    {
        try
        {
            if (await stripe.FindSubscriptionAsync(id, ct) is not { Subscription: var found })
                return new ChangeResult.NoSubscription();
            var result = found.IsOver ? new ChangeResult.NoSubscription() : await act(found);
            await converger.ConvergeAsync("subscription", id, ct);
            return result;
        }
        catch (StripeUnreachableException)
        {
            return new ChangeResult.Unreachable();
        }
        catch (StripeRefusedException refusal)
        {
            LogRefused(refusal, id);
            return new ChangeResult.Unreachable();
        }
    }

    [LoggerMessage(LogLevel.Information, "User {UserId} cancelled {Plan}; it stays until the paid time ends")]
    private partial void LogCancelled(Guid userId, string plan);

    [LoggerMessage(LogLevel.Error, "Stripe refused to end or to keep {Subscription}; the person was told so")]
    private partial void LogRefused(Exception fault, string subscription);

    [LoggerMessage(LogLevel.Information, "User {UserId} keeps {Plan}")]
    private partial void LogResumed(Guid userId, string plan);
}
