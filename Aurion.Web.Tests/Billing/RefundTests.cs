using Aurion.Data.Billing;
using Aurion.Web.Billing.Stripe;
using Aurion.Web.Billing.Sync;
using Aurion.Web.Tests.Infrastructure;

namespace Aurion.Web.Tests.Billing;

/// <summary>Starter: 900 cents gave 1,000 credits.</summary>
public sealed class RefundTests(RefundTests.App app) : IClassFixture<RefundTests.App>
{
    [Theory]
    [InlineData(0, new[] { 300 }, 667, 333, 0)]
    [InlineData(0, new[] { 100, 200 }, 667, 333, 0)]
    [InlineData(0, new[] { 1, 1, 1 }, 997, 3, 0)]
    [InlineData(0, new[] { 900 }, 0, 1000, 0)]
    [InlineData(16, new[] { 450 }, 800, 200, 300)]
    [InlineData(16, new[] { 900 }, 800, 200, 800)]
    [InlineData(20, new[] { 450 }, 1000, 0, 500)]
    [InlineData(20, new[] { 450, 450 }, 1000, 0, 1000)]
    public async Task A_refund_takes_back_its_share_what_is_left_first(int launches, int[] refunds, int total, int clawed, int writtenOff)
    {
        var user = await app.GivenSubscriberAsync("starter");
        for (var i = 0; i < launches; i++)
            Assert.Equal("LAUNCHED", await app.SpendAsync(user));

        foreach (var amount in refunds)
            await app.RefundAsync(user, amount);

        await app.ExpectAsync(user, total, launches * 50, clawed, writtenOff);
        await app.SettleAsync();
        await app.ExpectAsync(user, total, launches * 50, clawed, writtenOff);
    }

    [Fact]
    public async Task Refunding_an_upgrade_takes_back_what_it_added()
    {
        var user = await app.GivenSubscriberAsync("starter");
        await app.AtStripeAsync(HttpMethod.Post, $"subscriptions/{(await app.AccountAsync(user)).Subscription}",
            ("items[0][id]", await app.ScalarAsync<string>("SELECT item_id FROM user_subscriptions WHERE user_id = @Id", new { user.Id })),
            ("items[0][price]", await app.ScalarAsync<string>("SELECT price_id FROM stripe_prices WHERE plan_type = 'plus' AND billing_interval = 'month'")),
            ("proration_behavior", "always_invoice"));
        await app.SettleAsync();
        Assert.Equal(5000, (await app.AccountAsync(user)).Total);

        await app.RefundAsync(user, null);

        Assert.Equal(1000, (await app.AccountAsync(user)).Total);
    }

    [Theory]
    [InlineData("won", 1000, 0)]
    [InlineData("lost", 0, 1000)]
    public async Task A_dispute_freezes_then_thaws_or_takes_back(string outcome, int total, int clawed)
    {
        var user = await app.GivenSubscriberAsync("starter", card: "4000000000000259");
        await app.SettleAsync();
        Assert.Equal("ACCOUNT_FROZEN", await app.SpendAsync(user));

        await app.CloseDisputeAsync(user, outcome);

        await app.ExpectAsync(user, total, 0, clawed, 0);
        Assert.Equal(outcome == "won" ? "LAUNCHED" : "INSUFFICIENT_CREDITS", await app.SpendAsync(user));
    }

    [Fact]
    public async Task A_refund_and_then_a_lost_dispute_never_take_twice()
    {
        var user = await app.GivenSubscriberAsync("starter");
        await app.RefundAsync(user, 450);

        await app.ApplyDisputeAsync(user, "needs_response", refunded: 450);
        Assert.Equal("ACCOUNT_FROZEN", await app.SpendAsync(user));
        await app.ApplyDisputeAsync(user, "lost", refunded: 450);
        await app.ApplyDisputeAsync(user, "lost", refunded: 450);

        await app.ExpectAsync(user, 0, 0, 1000, 0);
    }

    [Fact]
    public async Task A_refund_after_the_period_has_ended_is_written_off()
    {
        var user = await app.GivenSubscriberAsync("starter");
        var first = await app.ScalarAsync<string>("SELECT invoice_id FROM stripe_invoices WHERE user_id = @Id", new { user.Id });
        await app.AdvanceAsync(TimeSpan.FromDays(31));
        await app.AdvanceAsync(TimeSpan.FromHours(2));

        await app.RefundAsync(user, 900, first);

        await app.ExpectAsync(user, 1000, 0, 0, 1000);
    }

    public sealed class App : BillingApp
    {
        protected override bool StripeRunsByItself => false;

        public async Task RefundAsync(TestUser user, int? cents, string? invoice = null)
        {
            invoice ??= await ScalarAsync<string>("SELECT invoice_id FROM stripe_invoices WHERE user_id = @Id ORDER BY created_at DESC, read_seq DESC LIMIT 1", new { user.Id });
            await RefundIntentAsync(await IntentAsync(invoice), cents);
        }

        public async Task CloseDisputeAsync(TestUser user, string outcome)
        {
            var invoice = await ScalarAsync<string>("SELECT invoice_id FROM stripe_invoices WHERE user_id = @Id", new { user.Id });
            await CloseDisputeOfAsync(await IntentAsync(invoice), outcome);
        }

        /// <summary>What a read of the charge would show: the stand-in, like Stripe, opens disputes by card only.</summary>
        public async Task ApplyDisputeAsync(TestUser user, string status, int refunded)
        {
            var (customer, invoice) = (await QueryAsync<(string, string)>(
                "SELECT c.customer_id, i.invoice_id FROM stripe_customers c JOIN stripe_invoices i USING (user_id) WHERE user_id = @Id", new { user.Id }))[0];
            var snapshot = new StripeSnapshot(customer, null, false, null, [], null) { Payments = [new StripePayment(invoice, 900, refunded, status, status == "lost" ? 0 : 900 - refunded, status == "lost" ? 900 - refunded : 0)] };
            var billing = Service<BillingStore>();
            var result = await billing.ApplyAsync(snapshot.ToJson(), await billing.NextReadAsync(), Clock.GetUtcNow());
            Assert.True(result.IsDone, result.Outcome);
        }

        public async Task ExpectAsync(TestUser user, int total, int used, int clawed, int writtenOff)
        {
            var account = await AccountAsync(user);
            var sums = (await QueryAsync<(int, int)>("SELECT sum(clawed_back)::int, sum(written_off)::int FROM plan_grants WHERE user_id = @Id", new { user.Id }))[0];
            Assert.Equal((total, used, clawed, writtenOff), (account.Total, account.Used, sums.Item1, sums.Item2));
            Assert.Equal(account.Total - account.Used + account.Bonus, await ScalarAsync<int>("SELECT sum(delta)::int FROM usage_logs WHERE user_id = @Id", new { user.Id }));
        }

        private async Task<string> IntentAsync(string invoice) =>
            (await AtStripeAsync(HttpMethod.Get, $"invoice_payments?invoice={invoice}")).GetProperty("data")[0].GetProperty("payment").GetProperty("payment_intent").GetString()!;
    }
}
