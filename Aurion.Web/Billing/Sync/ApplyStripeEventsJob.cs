using System.Collections.Concurrent;
using Aurion.Data.Billing;
using Aurion.Data.Infrastructure;
using Aurion.Web.Billing.Stripe;
using Aurion.Web.Infrastructure.Jobs;
using Aurion.Web.Infrastructure.Settings;

namespace Aurion.Web.Billing.Sync;

/// <summary>
/// Empties the queue of events. Each says only where to look: what waits for one customer is read together, and one read answers
/// the events of every object that it shows.
/// </summary>
public sealed partial class ApplyStripeEventsJob(
    StripeEventStore events, AccountConverger converger, BillingStore billing, JobFailures failures, StripeOptions options, TimeProvider clock, ILogger<ApplyStripeEventsJob> log) : IJob
{
    private const int Batch = 200;
    private const int AtOnce = 8;
    private const int PatienceInAttempts = 12;

    // What shows the most comes first: a checkout shows its subscription and invoice, a subscription its latest invoice.
    private static readonly string[] ReadOrder = ["checkout.session", "charge", "refund", "dispute", "subscription", "invoice"];

    public async Task RunAsync(CancellationToken ct)
    {
        for (var at = clock.GetUtcNow(); await events.ClaimAsync(Batch, at, ct) is { Count: > 0 } claimed; at = clock.GetUtcNow())
        {
            var (changed, claimedAt) = (new ConcurrentBag<Guid>(), at);
            await Parallel.ForEachAsync(
                claimed.GroupBy(e => e.CustomerId ?? e.ObjectId),
                new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = ct },
                async (ofCustomer, token) =>
                {
                    foreach (var userId in await ApplyAllAsync([.. ofCustomer], claimedAt, token))
                        changed.Add(userId);
                });
            if (!changed.IsEmpty)
                await billing.NotifyAsync(changed, ct);
        }
    }

    private bool IsOurs(ClaimedEvent e) => e.Livemode == options.IsLive() && e.Account is null;

    private static bool Concerns(ClaimedEvent e) => e.ObjectId.Length > 0 && StripeEventTypes.Concerns(e.Type, e.ObjectKind);

    /// <summary>The users whose account changed.</summary>
    private async Task<IReadOnlyList<Guid>> ApplyAllAsync(IReadOnlyList<ClaimedEvent> ofCustomer, DateTimeOffset claimed, CancellationToken ct)
    {
        // All numbers were drawn before the first read.
        var readSeq = ofCustomer.Max(e => e.ReadSeq);
        var waiting = ofCustomer
            .GroupBy(e => (e.ObjectKind, e.ObjectId, Ours: IsOurs(e), Concerns: Concerns(e)))
            .OrderBy(group => Array.IndexOf(ReadOrder, group.Key.ObjectKind))
            .Select(group => group.ToList()).ToList();
        var changed = new List<Guid>();
        while (waiting is [var group, ..])
        {
            waiting.RemoveAt(0);
            if (await ApplyAsync(group, waiting, readSeq, claimed, ct) is { } userId)
                changed.Add(userId);
        }
        return changed;
    }

    /// <summary>Applies the events of one object, and takes from <paramref name="waiting"/> what the same read answered; the user whose account changed.</summary>
    private async Task<Guid?> ApplyAsync(List<ClaimedEvent> group, List<List<ClaimedEvent>> waiting, long readSeq, DateTimeOffset claimed, CancellationToken ct)
    {
        var ids = group.Select(e => e.Id).ToArray();
        var first = group[0];
        var started = clock.GetTimestamp();
        if (!IsOurs(first) || !Concerns(first))
        {
            await events.FinishAsync(ids, "ignored", IsOurs(first) ? $"{first.Type} changes no account" : "another account or mode",
                null, clock.GetElapsedTime(started), clock.GetUtcNow(), ct);
            return null;
        }

        if (!await events.HoldAsync(ids, claimed, ct))
            return null;
        try
        {
            var result = await converger.ConvergeAsync(first.ObjectKind, first.ObjectId, readSeq, ct);
            if (result is ConvergeResult.Later later && group.Max(e => e.Attempts) < PatienceInAttempts)
            {
                await events.RetryAsync(ids, later.Reason, Wait(group), clock.GetUtcNow(), ct);
                return null;
            }
            var (state, reason, userId) = result switch
            {
                ConvergeResult.Done done => ("done", done.Remark ?? (done.Changed ? null : "agreed already"), (Guid?)done.UserId),
                ConvergeResult.Ignored ignored => ("ignored", ignored.Reason, null),
                ConvergeResult.Later given => ("failed", given.Reason, null),
                ConvergeResult.Parked parked => ("failed", $"{parked.Outcome}: {parked.Detail}", parked.UserId),
                _ => throw new InvalidOperationException($"{result} is unknown."),
            };
            if (result is ConvergeResult.Done { ObjectIds: var shown })
            {
                var answered = waiting.Where(other => shown.Contains(other[0].ObjectId) && IsOurs(other[0]) && Concerns(other[0])).ToList();
                waiting.RemoveAll(answered.Contains);
                ids = [.. ids, .. answered.SelectMany(other => other).Select(e => e.Id)];
            }
            await events.FinishAsync(ids, state, reason, userId, clock.GetElapsedTime(started), clock.GetUtcNow(), ct);
            return result is ConvergeResult.Done { Changed: true } ? userId : null;
        }
        // That Stripe or our database was away, or that our key was refused, says nothing about the event: it waits as long as that lasts.
        catch (Exception fault) when (!ct.IsCancellationRequested && (fault is StripeUnreachableException || DatabaseFaults.IsUnavailable(fault)))
        {
            if (fault is StripeUnreachableException { IsOurKey: true })
                await failures.ReportAsync<ApplyStripeEventsJob>("STRIPE_SECRET_KEY, which Stripe does not accept", fault);
            else
                LogFailed(fault, first.ObjectKind, first.ObjectId);
            await events.PostponeAsync(ids, fault.Message, ct);
            return null;
        }
        // One object must not hold up the others; its events go back and say why.
        catch (Exception fault) when (!ct.IsCancellationRequested)
        {
            LogFailed(fault, first.ObjectKind, first.ObjectId);
            if (group.Max(e => e.Attempts) >= PatienceInAttempts)
                await events.FinishAsync(ids, "failed", fault.Message, null, clock.GetElapsedTime(started), clock.GetUtcNow(), ct);
            else
                await events.RetryAsync(ids, fault.Message, Wait(group), clock.GetUtcNow(), ct);
            return null;
        }
    }

    /// <summary>5 s, 10 s, 20 s … one hour at most.</summary>
    private static TimeSpan Wait(IReadOnlyList<ClaimedEvent> group) =>
        TimeSpan.FromSeconds(Math.Min(3600, 5 * Math.Pow(2, Math.Min(group.Max(e => e.Attempts) - 1, 10))));

    [LoggerMessage(LogLevel.Warning, "Stripe's {Kind} {ObjectId} could not be applied; it will be tried again")]
    private partial void LogFailed(Exception fault, string kind, string objectId);
}
