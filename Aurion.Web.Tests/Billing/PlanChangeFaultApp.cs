using System.Text.Json;
using Aurion.Data.Billing;
using Aurion.Sandbox.Stripe.Control;
using Aurion.Web.Billing.Stripe;
using Aurion.Web.Billing.Subscriptions;
using Aurion.Web.Tests.Infrastructure;
using Microsoft.Extensions.DependencyInjection;

namespace Aurion.Web.Tests.Billing;

/// <summary>Somebody on Plus changes the plan while calls fail or the process dies, and what must be true on the way and at the end.</summary>
public sealed class PlanChangeFaultApp : PayerApp
{
    public const int MostCalls = 40;

    public enum Wish { Upgrade, UpgradeThatWasToEnd, UpgradeThatWasToShrink, Downgrade, DowngradeThatWasToEnd, Cancel, CancelThatWasToShrink, Keep, KeepThatWasToShrink }

    public enum Death { Before, After }

    private readonly Killer killer = new();

    protected override void ConfigureServices(IServiceCollection services)
    {
        base.ConfigureServices(services);
        services.AddHttpClient(nameof(StripeGateway)).ConfigureHttpClient(http => http.Timeout = TimeSpan.FromSeconds(2)).AddHttpMessageHandler(() => new KillingHandler(killer));
    }

    /// <summary>False when no call was left to fail.</summary>
    public async Task<bool> LiveAsync(Wish wish, Func<CallFault> plan)
    {
        var (user, act) = await GivenAsync(wish);
        var paid = await PaidAtStripeAsync(user);
        bool struck;
        using (var fault = plan())
        {
            var result = await act();
            struck = fault.Struck > 0;
            fault.Dispose();
            await IsTrueAsync(user, result, paid);
        }
        await EndsInAsync(wish, user, paid);
        return struck;
    }

    public async Task<bool> DieAsync(Wish wish, Death death, int nth)
    {
        var (user, act) = await GivenAsync(wish);
        var paid = await PaidAtStripeAsync(user);
        (killer.Calls, killer.Nth, killer.Death) = (0, nth, death);
        var died = false;
        try
        {
            await act();
        }
        catch (ProcessDiedException)
        {
            died = true;
        }
        killer.Nth = 0;
        await EndsInAsync(wish, user, paid);
        return died;
    }

    private async Task<(TestUser User, Func<Task<ChangeResult>> Act)> GivenAsync(Wish wish)
    {
        Clock.Advance(TimeSpan.FromSeconds(1));
        var user = await GivenPayerAsync("plus");
        var subscriptions = Service<PlanChanges>();
        if (wish is Wish.UpgradeThatWasToEnd or Wish.DowngradeThatWasToEnd or Wish.Keep)
            Assert.IsType<ChangeResult.Planned>(await subscriptions.CancelAsync(user.Id, NewId(), false, CancellationToken.None));
        if (wish is Wish.UpgradeThatWasToShrink or Wish.CancelThatWasToShrink or Wish.KeepThatWasToShrink)
            Assert.IsType<ChangeResult.Planned>(await (await ConfirmAsync(user, "starter"))());
        Clock.Advance(TimeSpan.FromMinutes(1));
        return (user, wish switch
        {
            Wish.Upgrade or Wish.UpgradeThatWasToEnd or Wish.UpgradeThatWasToShrink => await ConfirmAsync(user, "pro"),
            Wish.Downgrade or Wish.DowngradeThatWasToEnd => await ConfirmAsync(user, "starter"),
            Wish.Cancel or Wish.CancelThatWasToShrink => () => subscriptions.CancelAsync(user.Id, NewId(), false, CancellationToken.None),
            _ => () => subscriptions.ResumeAsync(user.Id, NewId(), CancellationToken.None),
        });
    }

    private Guid NewId() => Guid.CreateVersion7(Clock.GetUtcNow());

    private async Task<Func<Task<ChangeResult>>> ConfirmAsync(TestUser user, string plan)
    {
        var subscriptions = Service<PlanChanges>();
        var shown = Assert.IsType<ChangeResult.Previewed>(await subscriptions.PreviewAsync(user.Id, plan, "month", CancellationToken.None)).Preview;
        var change = new PlanChange(plan, "month", shown.At, shown.DueCents, shown.CreditsAfter, NewId());
        return async () =>
        {
            try
            {
                return await subscriptions.ChangeAsync(user.Id, change, CancellationToken.None);
            }
            catch (StripeUnreachableException)
            {
                // Before the wish was written: nothing was done, the page says so, and the person presses again.
                Assert.Null(await Service<PlanChangeStore>().FindAsync(user.Id, change.OperationId, CancellationToken.None));
                Stripe.Faults.ClearCalls();
                return await subscriptions.ChangeAsync(user.Id, change, CancellationToken.None);
            }
            catch (ProcessDiedException)
            {
                // Dead before the wish was written: the person presses again.
                killer.Nth = 0;
                if (await Service<PlanChangeStore>().FindAsync(user.Id, change.OperationId, CancellationToken.None) is null)
                    await subscriptions.ChangeAsync(user.Id, change, CancellationToken.None);
                throw;
            }
        };
    }

    /// <summary>What is said at once is what is known.</summary>
    private async Task IsTrueAsync(TestUser user, ChangeResult result, int paidBefore)
    {
        Assert.True(result is ChangeResult.Changed or ChangeResult.Planned or ChangeResult.Waiting, result.ToString());
        if (result is ChangeResult.Waiting { MayBeCharged: false })
            Assert.Equal(paidBefore, await PaidAtStripeAsync(user));
    }

    /// <summary>The job goes on, and Stripe, the account and the money are what the person chose.</summary>
    private async Task EndsInAsync(Wish wish, TestUser user, int paidBefore)
    {
        for (var minutes = 0; minutes < 8; minutes++)
        {
            await Service<ApplyPlanChangesJob>().RunAsync(CancellationToken.None);
            Clock.Advance(TimeSpan.FromMinutes(1));
        }
        await SettleAsync();
        var isUpgrade = wish is Wish.Upgrade or Wish.UpgradeThatWasToEnd or Wish.UpgradeThatWasToShrink;
        Assert.Equal("done", (await Service<PlanChangeStore>().FindLatestAsync(user.Id, CancellationToken.None))!.State);
        Assert.Equal(paidBefore + (isUpgrade ? 9900 : 0), await PaidAtStripeAsync(user));

        var subscription = await AtStripeAsync(HttpMethod.Get, $"subscriptions/{await LiveAsync(user)}?expand[]=schedule");
        var phases = subscription.GetProperty("schedule") is { ValueKind: JsonValueKind.Object } schedule ? schedule.GetProperty("phases").EnumerateArray().ToList() : [];
        var now = subscription.GetProperty("items").GetProperty("data")[0].GetProperty("price").GetProperty("id").GetString();
        var next = phases.Count == 0 ? now : phases[^1].GetProperty("items")[0].GetProperty("price").GetString();
        var ends = subscription.GetProperty("cancel_at").ValueKind != JsonValueKind.Null;
        var (wantedNow, wantedNext, wantedEnd) = wish switch
        {
            _ when isUpgrade => ("pro", "pro", false),
            Wish.Downgrade or Wish.DowngradeThatWasToEnd => ("plus", "starter", false),
            Wish.Cancel or Wish.CancelThatWasToShrink => ("plus", "plus", true),
            _ => ("plus", "plus", false),
        };
        Assert.Equal((wish, await PriceAsync(wantedNow), await PriceAsync(wantedNext), wantedEnd), (wish, now, next, ends));
        var account = await AccountAsync(user);
        Assert.Equal((wantedNow, isUpgrade ? 25000 + 5000 : 5000), (account.Plan, account.Total - account.Used + account.Bonus));
        Assert.Equal(0, await ScalarAsync<int>("SELECT count(*)::int FROM ledger_faults() WHERE user_id = @Id", new { user.Id }));
        await EndAsync(user);
    }

    private async Task<int> PaidAtStripeAsync(TestUser user) =>
        (await AtStripeAsync(HttpMethod.Get, $"charges?customer={await CustomerAsync(user)}&limit=100")).GetProperty("data").EnumerateArray()
            .Where(charge => charge.GetProperty("paid").GetBoolean()).Sum(charge => charge.GetProperty("amount").GetInt32());

    private sealed class Killer
    {
        public int Calls { get; set; }
        public int Nth { get; set; }
        public Death Death { get; set; }
    }

    /// <summary>Nobody catches this: what was being done is not done any more.</summary>
    private sealed class ProcessDiedException : Exception;

    private sealed class KillingHandler(Killer killer) : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var dies = killer.Nth > 0 && ++killer.Calls == killer.Nth;
            if (dies && killer.Death == Death.Before)
                throw new ProcessDiedException();
            var answer = await base.SendAsync(request, cancellationToken);
            return dies ? throw new ProcessDiedException() : answer;
        }
    }
}
