using Aurion.Data.Billing;
using Aurion.Data.Credits;
using Aurion.Web.Infrastructure.Jobs;

namespace Aurion.Web.Billing;

/// <summary>Refills every balance whose window has ended and that no invoice refills. Safe at any time, any number of times.</summary>
public sealed partial class RefillCreditsJob(RefillStore refills, BalanceSignals signals, TimeProvider clock, ILogger<RefillCreditsJob> log) : IJob
{
    // Accounts are locked while their part is written: a launch waits for a part, never for all of them.
    private const int Part = 500;

    public async Task RunAsync(CancellationToken ct)
    {
        var refilled = 0;
        for (int part; (part = await refills.RefillDueAsync(Part, clock.GetUtcNow(), ct)) > 0;)
            refilled += part;
        if (refilled == 0)
            return;
        LogRefilled(refilled);
        await signals.AnnounceAsync([BalanceSignals.Everybody], ct);
    }

    [LoggerMessage(LogLevel.Information, "{Accounts} accounts refilled")]
    private partial void LogRefilled(int accounts);
}
