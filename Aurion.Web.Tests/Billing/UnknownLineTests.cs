using Aurion.Web.Billing.Sync;
using Aurion.Web.Tests.Infrastructure;

namespace Aurion.Web.Tests.Billing;

/// <summary>What support adds to an invoice gives nothing, and takes nothing from what the person paid for.</summary>
public sealed class UnknownLineTests(UnknownLineTests.App app) : IClassFixture<UnknownLineTests.App>
{
    [Theory]
    [InlineData(1)]
    // An embedded list holds ten elements: the plan's line is the thirteenth.
    [InlineData(12)]
    public async Task A_renewal_with_fees_gives_the_period_and_tells_an_operator_of_the_fees(int fees)
    {
        var user = await app.GivenPayerAsync("starter");
        await app.SpendAsync(user);
        for (var i = 0; i < fees; i++)
            await app.IdAsync("invoiceitems", ("customer", await app.CustomerAsync(user)), ("amount", "500"), ("currency", "usd"), ("description", $"Fee {i}"));

        await app.RenewAsync(user);

        var account = await app.AccountAsync(user);
        Assert.Equal((1000, 0, "starter", "active"), (account.Total, account.Used, account.Plan, account.Status));
        var remark = await app.ScalarAsync<string>("SELECT reason FROM stripe_events WHERE user_id = @Id AND state = 'done' AND reason LIKE 'UNKNOWN_LINE%' LIMIT 1", new { user.Id });
        Assert.Equal(fees, remark.Split("5.00 usd, gives nothing").Length - 1);
        await app.ExpectAgreementAsync();
    }

    [Fact]
    public async Task An_invoice_of_fees_alone_leaves_the_plan_and_what_follows_works()
    {
        var user = await app.GivenPayerAsync("plus");
        var subscription = (await app.AccountAsync(user)).Subscription!;
        await app.BillAsync(user, ("amount", "500"), ("currency", "usd"));
        Assert.Equal((5000, "plus"), ((await app.AccountAsync(user)).Total, (await app.AccountAsync(user)).Plan));

        await app.AtStripeAsync(HttpMethod.Post, $"subscriptions/{subscription}", ("cancel_at_period_end", "true"));
        await app.SettleAsync();

        Assert.True(await app.ScalarAsync<bool>("SELECT cancel_at_period_end FROM user_plans WHERE user_id = @Id", new { user.Id }));
        await app.ExpectAgreementAsync();
    }

    [Fact]
    public async Task A_price_that_becomes_known_gives_what_was_paid_for_when_its_event_is_replayed()
    {
        var user = await app.GivenPayerAsync("starter");
        var price = await app.IdAsync("prices", ("product", "aurion_starter"), ("currency", "usd"), ("unit_amount", "1000"));
        var now = app.Clock.GetUtcNow();
        var invoice = await app.BillAsync(user, ("pricing[price]", price), ("period[start]", $"{now.ToUnixTimeSeconds()}"), ("period[end]", $"{now.AddMonths(1).ToUnixTimeSeconds()}"));
        Assert.Equal(1, await app.ScalarAsync<int>("SELECT count(*)::int FROM plan_grants WHERE user_id = @Id", new { user.Id }));

        await app.ExecuteAsync("""
            INSERT INTO stripe_prices (price_id, product_id, plan_type, billing_interval, currency, unit_amount, active, created_at) VALUES (@price, 'aurion_starter', 'starter', 'month', 'usd', 1000, false, now())
            """, new { price });
        var heard = await app.ScalarAsync<string>("SELECT id FROM stripe_events WHERE object_id = @invoice AND type = 'invoice.paid'", new { invoice });
        Assert.Equal(1, await app.Service<EventReplayer>().ReplayAsync(heard, CancellationToken.None));
        await app.SettleAsync();

        Assert.Equal(2, await app.ScalarAsync<int>("SELECT count(*)::int FROM plan_grants WHERE user_id = @Id", new { user.Id }));
        await app.ExpectAgreementAsync();
    }

    // As support makes it, the period of an item ends where it starts. A plan in force for no time would stop every event that follows.
    [Fact]
    public async Task A_plans_price_billed_for_no_period_gives_nothing_and_what_follows_works()
    {
        var user = await app.GivenPayerAsync("plus");
        await app.AdvanceAsync(TimeSpan.FromMinutes(1));
        var price = await app.IdAsync("prices", ("product", "aurion_starter"), ("currency", "usd"), ("unit_amount", "1000"));
        await app.ExecuteAsync("""
            INSERT INTO stripe_prices (price_id, product_id, plan_type, billing_interval, currency, unit_amount, active, created_at) VALUES (@price, 'aurion_starter', 'starter', 'month', 'usd', 1000, false, now())
            """, new { price });
        var before = await app.AccountAsync(user);

        var invoice = await app.BillAsync(user, ("pricing[price]", price));

        Assert.Equal((before.Plan, before.Total, before.Ends), ((await app.AccountAsync(user)).Plan, (await app.AccountAsync(user)).Total, (await app.AccountAsync(user)).Ends));
        Assert.EndsWith("10.00 usd, gives nothing", await app.ScalarAsync<string>("SELECT reason FROM stripe_events WHERE object_id = @invoice AND type = 'invoice.paid'", new { invoice }), StringComparison.Ordinal);
        await app.RenewAsync(user);
        Assert.True((await app.AccountAsync(user)).Ends > before.Ends);
        await app.ExpectAgreementAsync();
    }

    public sealed class App : PayerApp
    {
        public async Task RenewAsync(TestUser user)
        {
            await AdvanceAsync((await AccountAsync(user)).Ends.AddMinutes(1) - Clock.GetUtcNow().UtcDateTime);
            await AdvanceAsync(TimeSpan.FromHours(2));
        }

        /// <summary>Support bills something beside the periods.</summary>
        public async Task<string> BillAsync(TestUser user, params (string, string)[] item)
        {
            var (customer, subscription) = (await CustomerAsync(user), (await AccountAsync(user)).Subscription!);
            await IdAsync("invoiceitems", [("customer", customer), ("subscription", subscription), .. item]);
            var invoice = await IdAsync("invoices", ("customer", customer), ("subscription", subscription), ("pending_invoice_items_behavior", "include"));
            await AtStripeAsync(HttpMethod.Post, $"invoices/{invoice}/pay");
            await SettleAsync();
            return invoice;
        }

        /// <summary>Nothing failed, and Stripe and we agree.</summary>
        public async Task ExpectAgreementAsync()
        {
            Assert.Empty(await QueryAsync<string>("SELECT id || ' ' || reason FROM stripe_events WHERE state NOT IN ('done', 'ignored')"));
            var lines = new List<string>();
            Assert.Equal(0, await Service<BillingReconciler>().RunAsync(repair: false, endMissing: false, lines.Add, CancellationToken.None));
            Assert.Empty(lines);
        }
    }
}
