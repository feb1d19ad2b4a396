using Aurion.Data.Billing;
using Aurion.Data.Credits;
using Aurion.Web.Infrastructure.Jobs;

namespace Aurion.Web.Billing;

/// <summary>Refills every balance whose window has ended and that no invoice refills. Safe at any time, any number of times.</summary>
public sealed partial class RefillCreditsJob(RefillStore refills, BalanceSignals signals, JobFailures failures, TimeProvider clock, ILogger<RefillCreditsJob> log) : IJob
{
    // Accounts are locked while their batch is written: a launch waits for a batch, never for all of them.
    private const int Batch = 500;

    public async Task RunAsync(CancellationToken ct)
    {
        var refilled = await failures.ServeBatchesAsync<RefillCreditsJob>(
            failed => refills.ListDueAsync(Batch, failed, clock.GetUtcNow(), ct), users => refills.RefillAsync(users, clock.GetUtcNow(), ct), ct);
        if (refilled == 0)
            return;
        LogRefilled(refilled);
        await signals.AnnounceAsync([BalanceSignals.Everybody], ct);
    }

    [LoggerMessage(LogLevel.Information, "{Accounts} accounts refilled or back on the free plan")]
    private partial void LogRefilled(int accounts);
}
