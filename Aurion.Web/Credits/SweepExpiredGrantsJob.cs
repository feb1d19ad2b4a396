using Aurion.Data.Credits;
using Aurion.Web.Infrastructure.Jobs;

namespace Aurion.Web.Credits;

/// <summary>Closes the grants that have expired, so that the ledger says where their credits went.</summary>
public sealed class SweepExpiredGrantsJob(GrantStore grants, TimeProvider clock) : IJob
{
    public Task RunAsync(CancellationToken ct) => grants.SweepExpiredAsync(clock.GetUtcNow(), ct);
}
