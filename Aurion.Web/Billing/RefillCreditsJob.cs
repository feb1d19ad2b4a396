using Aurion.Data.Billing;
using Aurion.Data.Credits;
using Aurion.Web.Infrastructure.Jobs;

namespace Aurion.Web.Billing;

/// <summary>Refills every balance whose window has ended and that no invoice refills. Safe at any time, any number of times.</summary>
public sealed partial class RefillCreditsJob(RefillStore refills, BalanceSignals signals, TimeProvider clock, ILogger<RefillCreditsJob> log) : IJob
{
    public async Task RunAsync(CancellationToken ct)
    {
        var refilled = await refills.RefillDueAsync(clock.GetUtcNow(), ct);
        if (refilled == 0)
            return;
        LogRefilled(refilled);
        await signals.AnnounceAsync([BalanceSignals.Everybody], ct);
    }

    [LoggerMessage(LogLevel.Information, "{Accounts} accounts refilled")]
    private partial void LogRefilled(int accounts);
}
