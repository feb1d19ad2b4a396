using Aurion.Data.Billing;
using Aurion.Data.Infrastructure;
using Aurion.Web.Billing.Stripe;
using Aurion.Web.Billing.Sync;
using Aurion.Web.Infrastructure.Jobs;

namespace Aurion.Web.Billing.Purchases;

/// <summary>Ends a second live subscription at Stripe and gives its money back; person and operator are told.</summary>
public sealed partial class UndoDuplicatesJob(
    DuplicateSubscriptionStore duplicates, StripeGateway stripe, AccountConverger converger, JobFailures failures, ILogger<UndoDuplicatesJob> log) : IJob
{
    public async Task RunAsync(CancellationToken ct)
    {
        foreach (var duplicate in await duplicates.ListOpenAsync(ct))
        {
            try
            {
                await UndoAsync(duplicate, ct);
            }
            catch (StripeUnreachableException)
            {
                return; // The next run looks again and goes on.
            }
            catch (Exception fault) when (!ct.IsCancellationRequested && !DatabaseFaults.IsUnavailable(fault))
            {
                await failures.ReportAsync<UndoDuplicatesJob>($"subscription {duplicate.SubscriptionId} of user {duplicate.UserId}", fault);
            }
        }
    }

    private async Task UndoAsync(DuplicateSubscription duplicate, CancellationToken ct)
    {
        // The other one may be over meanwhile: then this one takes its place and stays.
        await converger.ConvergeAsync("subscription", duplicate.KeptSubscriptionId, ct);
        if (await stripe.FindSubscriptionAsync(duplicate.SubscriptionId, ct) is { Subscription.IsOver: false }
            && await converger.ConvergeAsync("subscription", duplicate.SubscriptionId, ct) is ConvergeResult.Done)
            return;

        await stripe.EndNowAsync(duplicate.SubscriptionId, ct);
        await duplicates.EndAsync(duplicate, null, ct);
        var cents = await stripe.RefundSubscriptionAsync(duplicate.SubscriptionId, ct);
        await duplicates.EndAsync(duplicate, cents, ct);
        await converger.ConvergeAsync("subscription", duplicate.SubscriptionId, ct);
        LogUndone(duplicate.UserId, duplicate.SubscriptionId, duplicate.KeptSubscriptionId, cents);
    }

    [LoggerMessage(LogLevel.Warning, "User {UserId} had a second subscription {SubscriptionId} beside {KeptSubscriptionId}; it was ended and {Cents} cents were given back")]
    private partial void LogUndone(Guid userId, string subscriptionId, string keptSubscriptionId, int cents);
}
