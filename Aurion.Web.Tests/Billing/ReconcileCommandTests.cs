using Aurion.Web.Tests.Infrastructure;

namespace Aurion.Web.Tests.Billing;

/// <summary>`billing reconcile` as an operator types it: a process of its own beside the shop.</summary>
public sealed class ReconcileCommandTests(ReconcileCommandTests.App app) : IClassFixture<ReconcileCommandTests.App>
{
    [Fact]
    public async Task It_prints_what_was_lost_and_how_much_repairs_when_told_to_and_then_prints_drift_0()
    {
        await app.GivenPayerAsync("starter");
        Assert.Equal((0, "drift=0"), await app.ReconcileAsync());

        app.Stripe.Faults.LosePercent = 100;
        var user = await app.GivenUserAsync();
        await app.PayAsync(await app.OpenCheckoutAsync(user, "plus"));
        await app.SettleAsync();
        app.Stripe.Faults.LosePercent = 0;

        var (code, last) = await app.ReconcileAsync();
        Assert.Equal(1, code);
        Assert.Matches("^drift=[1-9]", last);
        Assert.Equal("free", (await app.AccountAsync(user)).Plan);

        Assert.Equal(0, (await app.ReconcileAsync("--apply")).ExitCode);
        Assert.Equal(("plus", 5000), ((await app.AccountAsync(user)).Plan, (await app.AccountAsync(user)).Total));
        Assert.Equal((0, "drift=0"), await app.ReconcileAsync("--apply"));
        Assert.Equal((0, "drift=0"), await app.ReconcileAsync());
    }

    public sealed class App : PayerApp
    {
        /// <summary>The exit code and the line that ends what is printed.</summary>
        public async Task<(int ExitCode, string Last)> ReconcileAsync(params string[] options)
        {
            var environment = Settings.ToDictionary(s => s.Key.Replace(":", "__", StringComparison.Ordinal), s => (string?)s.Value, StringComparer.Ordinal);
            environment["ASPNETCORE_ENVIRONMENT"] = "Development";
            var (exitCode, output) = await WebProcess.RunAsync(["billing", "reconcile", .. options], environment);
            return (exitCode, output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Last(line => line.StartsWith("drift=", StringComparison.Ordinal)).TrimEnd());
        }
    }
}
