using Aurion.Data;
using Aurion.Web.Billing.Sync;
using Aurion.Web.Tests.Infrastructure;
using Npgsql;

namespace Aurion.Web.Tests.Billing;

/// <summary>A worker that dies at any moment, its call cut off or its connections gone, loses nothing and gives nothing twice.</summary>
public sealed class DyingWorkerTests(DyingWorkerTests.App app) : IClassFixture<DyingWorkerTests.App>
{
    private const int Deaths = 200;

    [Fact]
    public async Task Two_hundred_deaths_of_the_worker_lose_no_event_and_give_no_credits_twice()
    {
        var people = new List<TestUser>();
        var (random, cut) = (new Random(20261127), 0);
        for (var death = 0; death < Deaths; death++)
        {
            if (death % 5 == 0)
                people.Add(await app.GivenUnheardPayerAsync(people.Count % 2 == 0 ? "starter" : "plus"));
            cut += await app.DieAsync(TimeSpan.FromMilliseconds(random.Next(1, 25)), byConnection: death % 2 == 1) ? 1 : 0;
            // The lease of what the dead one held runs out.
            app.Clock.Advance(TimeSpan.FromMinutes(3));
        }
        Assert.InRange(cut, Deaths / 4, Deaths);
        await app.AdvanceAsync(TimeSpan.FromHours(2));

        Assert.Empty(await app.QueryAsync<string>("SELECT id || ' ' || state || ' ' || coalesce(reason, last_error, '') FROM stripe_events WHERE state NOT IN ('done', 'ignored')"));
        foreach (var (user, place) in people.Select((user, place) => (user, place)))
        {
            var account = await app.AccountAsync(user);
            Assert.Equal(place % 2 == 0 ? (1000, 0, "starter") : (5000, 0, "plus"), (account.Total, account.Used, account.Plan));
            Assert.Equal(["plan_upgraded"], await app.MovementsAsync(user));
        }
        Assert.Equal(people.Count, await app.ScalarAsync<int>("SELECT count(*)::int FROM plan_grants WHERE granted_at IS NOT NULL"));
        Assert.Equal(0, await app.ScalarAsync<int>("SELECT count(*)::int FROM ledger_faults()"));
    }

    public sealed class App : PayerApp
    {
        /// <summary>Somebody who has paid; the events are delivered, and none is applied.</summary>
        public async Task<TestUser> GivenUnheardPayerAsync(string plan)
        {
            var user = await GivenUserAsync();
            await SubscribeAsync(user, await IdAsync("customers", ("email", user.Email), ("metadata[aurion_user]", $"{user.Id}")), plan, "month");
            await Stripe.DeliverAsync(evenBeforeDue: true);
            return user;
        }

        /// <summary>Lets a worker run for so long; true when it did not get to its end.</summary>
        public async Task<bool> DieAsync(TimeSpan after, bool byConnection)
        {
            using var death = new CancellationTokenSource();
            var work = Service<ApplyStripeEventsJob>().RunAsync(death.Token);
            await Task.WhenAny(work, Task.Delay(after));
            var wasAtWork = !work.IsCompleted;
            if (byConnection)
                await ExecuteAsync("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND usename <> current_user");
            await death.CancelAsync();
            try
            {
                await work;
            }
            catch (Exception fault) when (fault is OperationCanceledException or NpgsqlException)
            {
                // It is dead.
            }
            // The process in its place opens connections of its own.
            Service<NpgsqlDataSource>().Clear();
            Service<DedicatedSources>().Lanes.Clear();
            return wasAtWork;
        }
    }
}
