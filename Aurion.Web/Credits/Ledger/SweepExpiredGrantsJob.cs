using Aurion.Data.Credits;
using Aurion.Web.Infrastructure.Jobs;

namespace Aurion.Web.Credits.Ledger;

/// <summary>Closes the grants that have expired, so that the ledger says where their credits went.</summary>
public sealed class SweepExpiredGrantsJob(GrantStore grants, JobFailures failures, TimeProvider clock) : IJob
{
    private const int Batch = 500;

    public Task RunAsync(CancellationToken ct) => failures.ServeBatchesAsync<SweepExpiredGrantsJob>(
        failed => grants.ListExpiredAsync(Batch, failed, clock.GetUtcNow(), ct), users => grants.SweepExpiredAsync(users, clock.GetUtcNow(), ct), ct);
}
