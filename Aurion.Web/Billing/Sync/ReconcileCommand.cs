using System.CommandLine;
using Aurion.Web.Infrastructure.Cli;

namespace Aurion.Web.Billing.Sync;

/// <summary>`billing reconcile [--apply] [--end-missing]`: prints each difference between Stripe and us, and their number.</summary>
public sealed class ReconcileCommand(BillingReconciler reconciler) : ICommand
{
    public static readonly Option<bool> Apply = new("--apply") { Description = "Brings the accounts that differ to what Stripe shows." };
    public static readonly Option<bool> EndMissing = new("--end-missing") { Description = "Ends the subscriptions that Stripe does not know, after its keys were replaced for good. What is paid stays until its end." };

    public async Task<int> RunAsync(CommandLine line, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(line);
        var repair = line.Get(Apply);
        var drift = await reconciler.RunAsync(repair, line.Get(EndMissing), Console.WriteLine, ct);
        Console.WriteLine($"drift={drift}");
        return drift == 0 || repair ? 0 : 1;
    }
}
