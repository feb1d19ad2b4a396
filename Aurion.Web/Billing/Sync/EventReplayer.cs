using Aurion.Data.Billing;
using Aurion.Web.Billing.Stripe;
using Aurion.Web.Infrastructure.Jobs;

namespace Aurion.Web.Billing.Sync;

/// <summary>Replays incoming events, and says beforehand what that would change.</summary>
public sealed class EventReplayer(ReceivedEventStore events, StripeReader reader, BillingStore billing, JobQueue jobs, TimeProvider clock)
{
    /// <summary>UNCHANGED, APPLIED with the account as it would be, or what stands in the way; nothing is written.</summary>
    public async Task<PreviewedAccount> PreviewAsync(string kind, string id, CancellationToken ct)
    {
        try
        {
            return await reader.ReadAsync(kind, id, ct) is { } snapshot
                ? await billing.PreviewAsync(snapshot.ToJson(), clock.GetUtcNow(), ct)
                : new PreviewedAccount("NOT_FOUND", null, null, null);
        }
        catch (StripeUnreachableException)
        {
            return new PreviewedAccount("UNREACHABLE", null, null, null);
        }
    }

    /// <summary>One event, or every failed one when none is named; how many.</summary>
    public async Task<int> ReplayAsync(string? id, CancellationToken ct)
    {
        var replayed = await events.RequeueAsync(id, clock.GetUtcNow(), ct);
        if (replayed > 0)
            await jobs.WakeAsync<ApplyStripeEventsJob>(ct);
        return replayed;
    }
}
