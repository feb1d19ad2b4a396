using Aurion.Web.Billing.Sync;
using Aurion.Web.Tests.Infrastructure;

namespace Aurion.Web.Tests.Billing;

/// <summary>Webhooks that never come, and a Stripe that is away for two days.</summary>
public sealed class LostAndDownTests(LostAndDownTests.App app) : IClassFixture<LostAndDownTests.App>
{
    [Fact]
    public async Task One_webhook_in_ten_is_lost_and_reconciling_lists_exactly_those_repairs_them_and_then_finds_nothing()
    {
        var people = new List<TestUser>();
        app.Stripe.Faults.LosePercent = 10;
        for (var i = 0; i < 12; i++)
            people.Add(await app.BuyAsync(i % 2 == 0 ? "starter" : "plus"));
        foreach (var user in people.Take(6))
            await app.AtStripeAsync(HttpMethod.Post, $"subscriptions/{await app.SubscriptionAtStripeAsync(user)}", ("cancel_at_period_end", "true"));
        await app.AdvanceAsync(TimeSpan.FromDays(20));
        foreach (var user in people.Skip(3).Take(6))
            await app.RefundAsync(user, 300);
        app.Stripe.Faults.LosePercent = 0;
        await app.SettleAsync();
        var lost = await app.LostAsync();
        Assert.NotEmpty(lost);

        var listed = await app.ReconcileAsync(repair: false);
        Assert.Equal(lost, listed.Where(line => line.StartsWith("evt_", StringComparison.Ordinal)).Select(line => line.Split(':')[0]).ToHashSet(StringComparer.Ordinal));
        Assert.Equal(listed.Count, listed.Distinct(StringComparer.Ordinal).Count());

        await app.ReconcileAsync(repair: true);
        var written = await app.WritesAsync();
        Assert.Empty(await app.ReconcileAsync(repair: true));
        Assert.Empty(await app.ReconcileAsync(repair: false));
        Assert.Equal(written, await app.WritesAsync());

        foreach (var (user, i) in people.Select((user, i) => (user, i)))
        {
            var account = await app.AccountAsync(user);
            var (all, refunded) = i % 2 == 0 ? (1000, 333) : (5000, 517);
            Assert.Equal((i, i % 2 == 0 ? "starter" : "plus", i is >= 3 and < 9 ? all - refunded : all), (i, account.Plan, account.Total));
            Assert.Equal(i < 6, await app.ScalarAsync<bool>("SELECT cancel_at_period_end FROM user_plans WHERE user_id = @Id", new { user.Id }));
        }
    }

    [Fact]
    public async Task Two_days_without_Stripe_refuse_nobody_who_has_credits_and_end_in_the_same_books()
    {
        var (with, without) = (await app.GivenSubscriberAsync("starter"), await app.GivenSubscriberAsync("starter"));
        var year = await app.GivenSubscriberAsync("plus", "year");
        // The two days begin a day before the renewals, however long the month.
        var renewal = await app.ScalarAsync<DateTime>("SELECT current_period_end FROM user_plans WHERE user_id = @Id", new { with.Id });
        await app.AdvanceAsync(renewal.AddDays(-1) - app.Clock.GetUtcNow().UtcDateTime);
        await app.SpendAsync(without);
        await app.SpendAsync(with);

        // Stripe's own life goes on: both renew; of one of them we hear, of the other only when all is over.
        app.Stripe.Faults.Unavailable = true;
        // Every two hours: often enough that an event would be given up, if being away counted against it.
        for (var hours = 0; hours < 54; hours += 2)
        {
            await app.AdvanceAsync(TimeSpan.FromHours(2));
            foreach (var user in new[] { with, without, year })
                Assert.Equal("LAUNCHED", await app.SpendAsync(user, "text-editor"));
        }
        Assert.True(await app.ScalarAsync<int>("SELECT count(*)::int FROM stripe_events WHERE state = 'failed'") == 0);
        app.Stripe.Faults.Unavailable = false;
        await app.AdvanceAsync(TimeSpan.FromHours(2));
        await app.AdvanceAsync(TimeSpan.FromDays(1));

        Assert.Empty(await app.ReconcileAsync(repair: false));
        Assert.Equal(0, await app.ScalarAsync<int>("SELECT count(*)::int FROM stripe_events WHERE state NOT IN ('done', 'ignored')"));
    }

    public sealed class App : BillingApp
    {
        protected override bool StripeRunsByItself => false;

        public async Task<TestUser> BuyAsync(string plan)
        {
            var user = await GivenUserAsync();
            await PayAsync(await OpenCheckoutAsync(user, plan));
            await SettleAsync();
            return user;
        }

        public async Task<string> SubscriptionAtStripeAsync(TestUser user) => (await OfAsync("subscriptions", user)).GetProperty("id").GetString()!;

        public async Task RefundAsync(TestUser user, int cents) =>
            await AtStripeAsync(HttpMethod.Post, "refunds", ("charge", (await OfAsync("charges", user)).GetProperty("id").GetString()!), ("amount", $"{cents}"));

        private async Task<System.Text.Json.JsonElement> OfAsync(string what, TestUser user) => (await AtStripeAsync(HttpMethod.Get,
            $"{what}?limit=1&customer={await ScalarAsync<string>("SELECT customer_id FROM stripe_customers WHERE user_id = @Id", new { user.Id })}")).GetProperty("data")[0];

        /// <summary>The events that we listen to, that Stripe has and we have not.</summary>
        public async Task<HashSet<string>> LostAsync()
        {
            var all = new List<string>();
            for (var after = ""; ;)
            {
                var page = await AtStripeAsync(HttpMethod.Get, $"events?limit=100{after}");
                var events = page.GetProperty("data").EnumerateArray().ToList();
                all.AddRange(events.Where(e => StripeEventTypes.Names.Contains(e.GetProperty("type").GetString()!)).Select(e => e.GetProperty("id").GetString()!));
                if (!page.GetProperty("has_more").GetBoolean())
                    break;
                after = $"&starting_after={events[^1].GetProperty("id").GetString()}";
            }
            var known = await QueryAsync<string>("SELECT id FROM stripe_events");
            return [.. all.Except(known)];
        }

        public async Task<IReadOnlyList<string>> ReconcileAsync(bool repair)
        {
            var lines = new List<string>();
            Assert.Equal(await Service<BillingReconciler>().RunAsync(repair, endMissing: false, lines.Add, CancellationToken.None), lines.Count);
            return lines;
        }

        /// <summary>How often each row was written, by the transactions that did.</summary>
        public Task<string> WritesAsync() => ScalarAsync<string>("""
            SELECT concat_ws(' ', (SELECT max(xmin::text::bigint) FROM usage_logs), (SELECT max(xmin::text::bigint) FROM user_credits), (SELECT max(xmin::text::bigint) FROM user_plans),
                   (SELECT max(xmin::text::bigint) FROM stripe_invoices), (SELECT max(xmin::text::bigint) FROM user_subscriptions), (SELECT max(xmin::text::bigint) FROM plan_grants),
                   (SELECT max(xmin::text::bigint) FROM stripe_events), (SELECT max(xmin::text::bigint) FROM stripe_customers))
            """);
    }
}
