using System.Globalization;
using Aurion.Data.Billing;
using Aurion.Web.Billing.Events;
using Aurion.Web.Tests.Infrastructure;

namespace Aurion.Web.Tests.Billing;

/// <summary>
/// What Stripe showed at each moment of a life lived on the stand-in, applied late, twice and in any order. A read that
/// is written late carries the number it drew before it began, as in the job; nothing else says what is newer.
/// </summary>
public sealed class AnyOrderTests(AnyOrderTests.App app) : IClassFixture<AnyOrderTests.App>
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task All_720_orders_of_an_upgrade_end_in_one_state(bool deliveredTwice)
    {
        var user = await app.GivenUserAsync();
        var life = new List<Look>();
        await app.PayAsync(await app.OpenCheckoutAsync(user, "starter"));
        await app.LookAsync(user, life, "checkout.session", "subscription", "invoice");
        app.Clock.Advance(TimeSpan.FromDays(5));
        await app.UpgradeAtStripeAsync(user, "plus");
        await app.LookAsync(user, life, "subscription", "invoice", "subscription");
        Assert.Equal(6, life.Count);

        var states = new HashSet<string>(StringComparer.Ordinal);
        foreach (var order in Orders([.. Enumerable.Range(0, 6)]))
            states.Add(await app.ReplayAsync(user, deliveredTwice ? [.. order, .. order] : order, life));

        var state = Assert.Single(states);
        Assert.StartsWith("(5000,0,0,plus,active,", state, StringComparison.Ordinal);
        Assert.Equal(state, await app.StateAsync(user.Id));
    }

    [Fact]
    public async Task Shuffles_with_repetitions_of_fourteen_months_end_where_the_life_itself_ended()
    {
        var user = await app.GivenUserAsync();
        var life = new List<Look>();
        await app.PayAsync(await app.OpenCheckoutAsync(user, "starter"));
        await app.LookAsync(user, life, "checkout.session", "subscription", "invoice");
        for (var month = 1; month <= 14; month++)
        {
            if (month == 3)
                await app.UpgradeAtStripeAsync(user, "plus");
            if (month is 5 or 6)
                await app.AtStripeAsync(HttpMethod.Post, $"subscriptions/{await app.SubscriptionAsync(user)}", ("cancel_at_period_end", month == 5 ? "true" : "false"));
            await app.LookAsync(user, life, "subscription", "invoice");
            if (month == 5)
                await app.AtStripeAsync(HttpMethod.Post, $"subscriptions/{await app.SubscriptionAsync(user)}", ("cancel_at_period_end", "false"));
            await app.AdvanceAsync(TimeSpan.FromDays(31));
            await app.LookAsync(user, life, "subscription", "invoice");
            await app.AdvanceAsync(TimeSpan.FromHours(2));
            await app.LookAsync(user, life, "subscription", "invoice");
        }
        await app.SettleAsync();
        var lived = await app.StateAsync(user.Id);

        for (var seed = 0; seed < 100; seed++)
        {
            var random = new Random(seed);
            int[] order = [.. Enumerable.Range(0, life.Count), .. Enumerable.Range(0, random.Next(20)).Select(_ => random.Next(life.Count))];
            random.Shuffle(order);
            Assert.Equal((seed, lived), (seed, await app.ReplayAsync(user, order, life)));
        }
    }

    private static IEnumerable<int[]> Orders(int[] items)
    {
        if (items.Length <= 1)
            return [items];
        return items.SelectMany(first => Orders([.. items.Where(item => item != first)]).Select(rest => (int[])[first, .. rest]));
    }

    public sealed record Look(string Snapshot, long ReadSeq);

    public sealed class App : BillingApp
    {
        private int copies;

        protected override bool StripeRunsByItself => false;

        public Task<string> SubscriptionAsync(TestUser user) =>
            ScalarAsync<string>("SELECT subscription_id FROM user_subscriptions WHERE user_id = @Id", new { user.Id });

        /// <summary>Looks at the newest object of each kind, as an event about it would have made us do.</summary>
        public async Task LookAsync(TestUser user, List<Look> life, params string[] kinds)
        {
            await SettleAsync();
            foreach (var kind in kinds)
            {
                var id = await ScalarAsync<string>(kind switch
                {
                    "checkout.session" => "SELECT session_id FROM stripe_sessions WHERE user_id = @Id",
                    "subscription" => "SELECT subscription_id FROM user_subscriptions WHERE user_id = @Id",
                    _ => "SELECT invoice_id FROM stripe_invoices WHERE user_id = @Id ORDER BY created_at DESC, read_seq DESC LIMIT 1",
                }, new { user.Id });
                var snapshot = await Service<StripeReader>().ReadAsync(kind, id, CancellationToken.None);
                life.Add(new(snapshot!.ToJson(), await Service<BillingStore>().NextReadAsync()));
            }
        }

        /// <summary>A fresh account that lives through the looks in this order; its final state.</summary>
        public async Task<string> ReplayAsync(TestUser original, IReadOnlyList<int> order, IReadOnlyList<Look> life)
        {
            var copy = Interlocked.Increment(ref copies).ToString(CultureInfo.InvariantCulture);
            var customer = await ScalarAsync<string>("SELECT customer_id FROM stripe_customers WHERE user_id = @Id", new { original.Id });
            var subscription = await SubscriptionAsync(original);
            var user = await GivenUserAsync();
            await ExecuteAsync("""
                UPDATE profiles p SET created_at = o.created_at FROM profiles o WHERE p.id = @copy AND o.id = @original;
                INSERT INTO stripe_customers (user_id, customer_id, created_at) VALUES (@copy, @customer, now());
                """, new { copy = user.Id, original = original.Id, customer = $"{customer}x{copy}" });
            var billing = Service<BillingStore>();
            foreach (var place in order)
            {
                var snapshot = life[place].Snapshot
                    .Replace($"\"{customer}\"", $"\"{customer}x{copy}\"", StringComparison.Ordinal)
                    .Replace($"\"{subscription}\"", $"\"{subscription}x{copy}\"", StringComparison.Ordinal);
                var result = await billing.ApplyAsync(snapshot, life[place].ReadSeq, Clock.GetUtcNow());
                Assert.True(result.IsDone, $"{result.Outcome} {result.Detail}");
            }
            return await StateAsync(user.Id);
        }

        /// <summary>Everything that people and operators can see of where the account stands.</summary>
        public Task<string> StateAsync(Guid id) => ScalarAsync<string>("""
            SELECT (c.total_credits, c.used_credits, c.bonus_credits, p.plan_type, p.status, p.billing_interval, p.current_period_start, p.current_period_end,
                    p.paid_until, p.credits_monthly, p.cancel_at_period_end, s.status, s.price_id, s.current_period_end, s.cancel_at_period_end,
                    (SELECT array_agg((i.invoice_id, i.status, i.amount_paid) ORDER BY i.invoice_id) FROM stripe_invoices i WHERE i.user_id = c.user_id AND i.status = 'paid'),
                    (SELECT array_agg((g.source_ref, g.credits, g.granted_at IS NOT NULL) ORDER BY g.source_ref) FROM plan_grants g WHERE g.user_id = c.user_id),
                    (SELECT sum(l.delta) = c.total_credits - c.used_credits + c.bonus_credits FROM usage_logs l WHERE l.user_id = c.user_id))::text
              FROM user_credits c JOIN user_plans p USING (user_id) JOIN user_subscriptions s USING (user_id)
             WHERE c.user_id = @id
            """, new { id });

        public async Task UpgradeAtStripeAsync(TestUser user, string plan) =>
            await AtStripeAsync(HttpMethod.Post, $"subscriptions/{await SubscriptionAsync(user)}",
                ("items[0][id]", await ScalarAsync<string>("SELECT item_id FROM user_subscriptions WHERE user_id = @Id", new { user.Id })),
                ("items[0][price]", await ScalarAsync<string>("SELECT price_id FROM stripe_prices WHERE plan_type = @plan AND billing_interval = 'month' AND active", new { plan })),
                ("proration_behavior", "always_invoice"));
    }
}
