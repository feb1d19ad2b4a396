using Aurion.Data.Credits;
using Aurion.Web.Infrastructure.Jobs;

namespace Aurion.Web.Credits.Ledger;

/// <summary>Closes the grants that have expired, so that the ledger says where their credits went.</summary>
public sealed class SweepExpiredGrantsJob(GrantStore grants) : IJob
{
    public Task RunAsync(CancellationToken ct) => grants.SweepExpiredAsync(ct);
}
