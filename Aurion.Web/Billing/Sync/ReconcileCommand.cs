using Aurion.Web.Infrastructure.Commands;

namespace Aurion.Web.Billing.Sync;

/// <summary>`billing reconcile [--apply]`: prints each difference between Stripe and us, and their number.</summary>
public sealed class ReconcileCommand(BillingReconciler reconciler) : ICommand
{
    public async Task<int> RunAsync(CommandLine line, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(line);
        var repair = line.Has("--apply");
        var drift = await reconciler.RunAsync(repair, Console.WriteLine, ct);
        Console.WriteLine($"drift={drift}");
        return drift == 0 || repair ? 0 : 1;
    }
}
