using Aurion.Web.Infrastructure.Jobs;

namespace Aurion.Web.Billing.Sync;

/// <summary>Once a day, whatever the webhooks lost is found and repaired.</summary>
public sealed partial class ReconcileBillingJob(BillingReconciler reconciler, ILogger<ReconcileBillingJob> log) : IJob
{
    public async Task RunAsync(CancellationToken ct)
    {
        var drift = await reconciler.RunAsync(repair: true, endMissing: false, LogDifference, ct);
        if (drift > 0)
            LogRepaired(drift);
    }

    [LoggerMessage(LogLevel.Warning, "Stripe and we differed: {Difference}")]
    private partial void LogDifference(string difference);

    [LoggerMessage(LogLevel.Information, "{Drift} differences with Stripe were looked at")]
    private partial void LogRepaired(int drift);
}
