using Aurion.Web.Billing;
using Aurion.Web.Tests.Infrastructure;

namespace Aurion.Web.Tests.Billing;

public sealed class RenewalTests(RenewalTests.App app) : IClassFixture<RenewalTests.App>
{
    private const string FailsLater = "4000000000000341";

    [Fact]
    public async Task A_paid_renewal_refills_once_and_moves_the_period_by_a_month()
    {
        var user = await app.GivenSubscriberAsync("starter");
        Assert.Equal("LAUNCHED", await app.SpendAsync(user));
        var before = await app.AccountAsync(user);

        await app.RenewAsync();

        var after = await app.AccountAsync(user);
        Assert.Equal((1000, 0, "starter", "active"), (after.Total, after.Used, after.Plan, after.Status));
        Assert.Equal((before.Ends, before.Ends.AddMonths(1)), (after.Starts, after.Ends));
        Assert.Equal(["plan_upgraded", "launch_tool_app-builder", "credits_reset"], await app.MovementsAsync(user));
    }

    [Fact]
    public async Task The_monthly_refill_job_leaves_what_an_invoice_refills_alone()
    {
        var user = await app.GivenSubscriberAsync("starter");
        await app.SpendAsync(user);
        app.Clock.Advance(TimeSpan.FromDays(40));

        await app.Service<RefillCreditsJob>().RunAsync(CancellationToken.None);

        Assert.Equal(50, (await app.AccountAsync(user)).Used);
    }

    [Fact]
    public async Task A_failed_renewal_leaves_a_week_then_freezes_and_payment_gives_exactly_one_refill()
    {
        var user = await app.GivenSubscriberAsync("starter", card: FailsLater);
        await app.SpendAsync(user);

        await app.RenewAsync();
        var late = await app.AccountAsync(user);
        Assert.Equal((1000, 50, "starter", "past_due"), (late.Total, late.Used, late.Plan, late.Status));
        Assert.Equal("LAUNCHED", await app.SpendAsync(user));
        Assert.Contains("Your payment of $9.00 failed.", await app.BillingTextAsync(user), StringComparison.Ordinal);

        // Up to the last minute of seven days, and not beyond.
        await app.AdvanceAsync(late.Ends.AddDays(7) - app.Clock.GetUtcNow().UtcDateTime - TimeSpan.FromMinutes(1));
        Assert.Equal("LAUNCHED", await app.SpendAsync(user, "text-editor"));
        await app.AdvanceAsync(late.Ends.AddDays(7) - app.Clock.GetUtcNow().UtcDateTime + TimeSpan.FromSeconds(1));
        Assert.Equal("ACCOUNT_FROZEN", await app.SpendAsync(user));
        Assert.Contains("Your plan is frozen", await app.BillingTextAsync(user), StringComparison.Ordinal);

        await app.PayOpenInvoiceAsync(user);
        var paid = await app.AccountAsync(user);
        Assert.Equal((1000, 0, "active"), (paid.Total, paid.Used, paid.Status));
        Assert.Equal("LAUNCHED", await app.SpendAsync(user));
        Assert.Equal(1, (await app.MovementsAsync(user)).Count(movement => movement == "credits_reset"));
    }

    [Fact]
    public async Task What_was_bought_apart_stays_usable_while_the_plan_is_frozen()
    {
        var user = await app.GivenSubscriberAsync("starter", card: FailsLater);
        await app.ExecuteAsync("UPDATE user_credits SET bonus_credits = 60 WHERE user_id = @Id", new { user.Id });
        await app.RenewAsync();
        await app.AdvanceAsync(TimeSpan.FromDays(8));

        Assert.Equal("LAUNCHED", await app.SpendAsync(user));
        Assert.Equal("ACCOUNT_FROZEN", await app.SpendAsync(user));
        var account = await app.AccountAsync(user);
        Assert.Equal((0, 10), (account.Used, account.Bonus));
    }

    [Fact]
    public async Task When_every_attempt_has_failed_the_plan_is_free()
    {
        var user = await app.GivenSubscriberAsync("plus", card: FailsLater);
        await app.RenewAsync();

        for (var day = 0; day < 45 && (await app.AccountAsync(user)).Plan != "free"; day++)
            await app.AdvanceAsync(TimeSpan.FromDays(1));

        var account = await app.AccountAsync(user);
        Assert.Equal(("free", "active", 100, null), (account.Plan, account.Status, account.Total, account.Subscription));
        Assert.Equal("plan_cancelled", (await app.MovementsAsync(user))[^1]);
        Assert.Null(await app.ScalarAsync<DateTime?>("SELECT frozen_at FROM user_credits WHERE user_id = @Id", new { user.Id }));
    }

    [Fact]
    public async Task Cancelled_at_Stripe_the_plan_stays_until_its_end_and_the_free_window_is_given_once()
    {
        var user = await app.GivenSubscriberAsync("starter");
        await app.SpendAsync(user);
        var account = await app.AccountAsync(user);
        await app.AtStripeAsync(HttpMethod.Post, $"subscriptions/{account.Subscription}", ("cancel_at_period_end", "true"));
        await app.SettleAsync();
        Assert.Equal(("starter", "active", 50), ((await app.AccountAsync(user)).Plan, (await app.AccountAsync(user)).Status, (await app.AccountAsync(user)).Used));

        await app.RenewAsync();
        await app.Service<RefillCreditsJob>().RunAsync(CancellationToken.None);

        var free = await app.AccountAsync(user);
        Assert.Equal(("free", 100, 0), (free.Plan, free.Total, free.Used));
        Assert.InRange(app.Clock.GetUtcNow().UtcDateTime, free.Starts, free.Ends);
        Assert.Equal(["plan_upgraded", "launch_tool_app-builder", "plan_cancelled"], await app.MovementsAsync(user));
    }

    [Fact]
    public async Task Ended_at_once_by_an_operator_the_credits_stay_for_the_time_that_was_paid()
    {
        var user = await app.GivenSubscriberAsync("starter");
        await app.AtStripeAsync(HttpMethod.Delete, $"subscriptions/{(await app.AccountAsync(user)).Subscription}");
        await app.SettleAsync();
        var ended = await app.AccountAsync(user);
        Assert.Equal(("starter", "canceled", 1000), (ended.Plan, ended.Status, ended.Total));

        app.Clock.Advance(TimeSpan.FromDays(32));
        await app.Service<RefillCreditsJob>().RunAsync(CancellationToken.None);

        Assert.Equal("free", (await app.AccountAsync(user)).Plan);
    }

    [Fact]
    public async Task Cancelling_and_resuming_gives_nothing()
    {
        var user = await app.GivenSubscriberAsync("starter");
        await app.SpendAsync(user);
        var subscription = (await app.AccountAsync(user)).Subscription;
        for (var i = 0; i < 6; i++)
        {
            await app.AtStripeAsync(HttpMethod.Post, $"subscriptions/{subscription}", ("cancel_at_period_end", i % 2 == 0 ? "true" : "false"));
            await app.SettleAsync();
        }
        Assert.Equal((1000, 50), ((await app.AccountAsync(user)).Total, (await app.AccountAsync(user)).Used));
        Assert.Equal(["plan_upgraded", "launch_tool_app-builder"], await app.MovementsAsync(user));
    }

    [Fact]
    public async Task An_annual_plan_is_refilled_every_month_and_not_past_what_was_paid()
    {
        var user = await app.GivenSubscriberAsync("starter", "year");
        var subscription = (await app.AccountAsync(user)).Subscription;
        await app.AtStripeAsync(HttpMethod.Post, $"subscriptions/{subscription}", ("cancel_at_period_end", "true"));
        for (var month = 0; month < 14; month++)
        {
            await app.SpendAsync(user);
            await app.AdvanceAsync(TimeSpan.FromDays(31));
            await app.Service<RefillCreditsJob>().RunAsync(CancellationToken.None);
            await app.Service<RefillCreditsJob>().RunAsync(CancellationToken.None);
        }

        var moves = await app.MovementsAsync(user);
        Assert.Equal(11, moves.Take(moves.ToList().IndexOf("plan_cancelled")).Count(move => move == "credits_reset"));
        Assert.Equal(("free", 100), ((await app.AccountAsync(user)).Plan, (await app.AccountAsync(user)).Total));
    }

    public sealed class App : BillingApp
    {
        protected override bool StripeRunsByItself => false;

        /// <summary>Past the longest month, and past the hour that Stripe leaves a renewal's invoice open.</summary>
        public async Task RenewAsync()
        {
            await AdvanceAsync(TimeSpan.FromDays(31));
            await AdvanceAsync(TimeSpan.FromHours(2));
        }

        public async Task PayOpenInvoiceAsync(TestUser user)
        {
            var invoice = await ScalarAsync<string>("SELECT invoice_id FROM stripe_invoices WHERE user_id = @Id AND status = 'open'", new { user.Id });
            await AtStripeAsync(HttpMethod.Post, $"invoices/{invoice}/pay", ("payment_method", "pm_card_visa"));
            await SettleAsync();
        }

        public async Task<string> BillingTextAsync(TestUser user) =>
            (await SignedInAs(await SignInAsync(user.Id, user.Email)).GetPageAsync("/billing")).QuerySelector("main")!.TextContent;
    }
}
