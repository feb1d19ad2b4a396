using System.Net.Http.Json;
using Aurion.Web.Tests.Infrastructure;

namespace Aurion.Web.Tests.Billing;

/// <summary>
/// What money still buys, both ways. Medium: 1,200 cents give 1,000 credits. Starter: 900 cents give 1,000 a month; by the year
/// 9,000 cents give twelve times 1,000. A launch of app-builder spends 50.
/// </summary>
public sealed class MoneyBackTests(MoneyBackTests.App app) : IClassFixture<MoneyBackTests.App>
{
    [Theory]
    [InlineData("refund 600, fail", 0, 1000, 0, 0)]
    [InlineData("refund 1200, fail", 16, 200, 0, 0)]
    [InlineData("refund 600, refund 600, fail", 0, 500, 500, 0)]
    [InlineData("refund 600, refund 600, fail", 16, 0, 200, 300)]
    [InlineData("refund 600, fail, refund 600, fail, refund 600", 0, 500, 500, 0)]
    [InlineData("dispute, lost, won", 0, 1000, 0, 0)]
    [InlineData("dispute, lost, won", 16, 200, 0, 0)]
    [InlineData("refund 600, dispute, lost, won", 0, 500, 500, 0)]
    [InlineData("dispute 300", 0, 750, 250, 0)]
    [InlineData("dispute 300", 16, 0, 200, 50)]
    [InlineData("dispute 300, won", 0, 1000, 0, 0)]
    [InlineData("dispute 300, won", 16, 200, 0, 0)]
    [InlineData("dispute 300, lost", 0, 750, 250, 0)]
    [InlineData("dispute 300, lost, won", 0, 1000, 0, 0)]
    [InlineData("refund 900, dispute 300, lost", 0, 0, 1000, 0)]
    public async Task A_packs_credits_follow_its_money(string steps, int launches, int left, int clawed, int writtenOff)
    {
        var user = await app.GivenBuyerAsync();
        await SpendAsync(user, launches);

        await app.DoAsync(user, steps);

        Assert.Equal(new Packs(1, left, clawed, writtenOff, 0), await app.PacksAsync(user));
        await app.RepeatEventsAsync(user);
        Assert.Equal(new Packs(1, left, clawed, writtenOff, 0), await app.PacksAsync(user));
    }

    [Theory]
    [InlineData("refund 450, fail", 0, 1000, 0)]
    [InlineData("refund 900, fail", 16, 200, 0)]
    [InlineData("refund 450, refund 450, fail", 0, 500, 500)]
    [InlineData("dispute, lost, won", 0, 1000, 0)]
    [InlineData("dispute, lost, won", 16, 200, 0)]
    [InlineData("dispute 300", 0, 667, 333)]
    [InlineData("dispute 300, won", 4, 800, 0)]
    [InlineData("dispute 300, lost", 0, 667, 333)]
    [InlineData("dispute 300, lost, won", 0, 1000, 0)]
    public async Task A_plans_credits_follow_its_money_and_a_dispute_about_a_part_freezes_nothing_else(string steps, int launches, int left, int undone)
    {
        var user = await app.GivenSubscriberAsync("starter");
        await SpendAsync(user, launches);

        await app.DoAsync(user, steps);

        await ExpectPlanAsync(user, left, undone);
        await app.RepeatEventsAsync(user);
        await ExpectPlanAsync(user, left, undone);
        Assert.Equal(left >= 50 ? "LAUNCHED" : "INSUFFICIENT_CREDITS", await app.SpendAsync(user));
    }

    [Fact]
    public async Task The_ledger_says_why_credits_came_back()
    {
        var user = await app.GivenBuyerAsync();
        await app.DoAsync(user, "refund 600, fail");

        var text = (await app.SignedInAs(user).GetPageAsync("/credits")).QuerySelector("main")!.TextContent;
        Assert.Contains("Taken back after a refund", text, StringComparison.Ordinal);
        Assert.Contains("Given back: a refund or dispute was undone", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_comes_back_after_its_period_has_a_month_of_its_own()
    {
        var user = await app.GivenSubscriberAsync("starter");
        await app.DoAsync(user, "refund 900");
        Assert.Equal(0, await app.AvailableAsync(user));
        await app.AdvanceAsync(TimeSpan.FromDays(31));
        await app.AdvanceAsync(TimeSpan.FromHours(2));
        Assert.Equal(1000, await app.AvailableAsync(user));

        await app.DoAsync(user, "fail");

        Assert.Equal(2000, await app.AvailableAsync(user));
        Assert.Equal(app.Clock.GetUtcNow().AddMonths(1).UtcDateTime, await app.ScalarAsync<DateTime>("SELECT expires_at FROM credit_grants WHERE user_id = @Id", new { user.Id }), TimeSpan.FromMinutes(1));
        await app.RepeatEventsAsync(user);
        Assert.Equal(2000, await app.AvailableAsync(user));
    }

    [Fact]
    public async Task A_year_of_which_ten_months_are_paid_back_is_refilled_for_two_and_for_all_when_the_refund_fails()
    {
        var user = await app.GivenSubscriberAsync("starter", "year");

        await app.DoAsync(user, "refund 7500");
        await ExpectPlanAsync(user, 1000, 0);
        Assert.Equal([1000, 0, 0], await RefillsAsync(user, 3));

        await app.DoAsync(user, "fail");
        Assert.Equal([1000, 1000], await RefillsAsync(user, 2));
        Assert.Empty(await app.QueryAsync<string>("SELECT fault FROM ledger_faults() WHERE user_id = @Id", new { user.Id }));
    }

    [Theory]
    [InlineData(749, new[] { 1000, 1000 })]
    [InlineData(8250, new[] { 0, 0 })]
    [InlineData(9000, new[] { 0, 0 })]
    public async Task Of_a_year_whole_months_go_and_the_last_ones_first(int cents, int[] refills)
    {
        var user = await app.GivenSubscriberAsync("starter", "year");

        await app.DoAsync(user, $"refund {cents}");

        await ExpectPlanAsync(user, cents == 9000 ? 0 : 1000, cents == 9000 ? 1000 : 0);
        Assert.Equal(refills, await RefillsAsync(user, refills.Length));
    }

    [Fact]
    public async Task What_a_year_that_was_cut_short_carried_over_goes_with_its_money_and_comes_back_with_it()
    {
        var user = await app.GivenSubscriberAsync("starter", "year");
        // Of two periods that begin in one second the longer one counts as the later.
        await app.AdvanceAsync(TimeSpan.FromHours(1));
        await app.AtStripeAsync(HttpMethod.Post, $"subscriptions/{(await app.AccountAsync(user)).Subscription}",
            ("items[0][id]", await app.ScalarAsync<string>("SELECT item_id FROM user_subscriptions WHERE user_id = @Id", new { user.Id })),
            ("items[0][price]", await app.ScalarAsync<string>("SELECT price_id FROM stripe_prices WHERE plan_type = 'plus' AND billing_interval = 'month'")),
            ("billing_cycle_anchor", "now"), ("proration_behavior", "none"));
        await app.SettleAsync();
        Assert.Equal(5000 + (12 * 1000), await app.AvailableAsync(user));

        await app.DoAsync(user, "refund 4500");
        Assert.Equal(5000 + (6 * 1000), await app.AvailableAsync(user));
        await app.DoAsync(user, "refund 4500");
        Assert.Equal(5000, await app.AvailableAsync(user));

        await app.DoAsync(user, "fail");
        Assert.Equal(5000 + (6 * 1000), await app.AvailableAsync(user));
        Assert.Empty(await app.QueryAsync<string>("SELECT fault FROM ledger_faults() WHERE user_id = @Id", new { user.Id }));
    }

    [Theory]
    [InlineData("won", 6000)]
    [InlineData("lost", 5000)]
    public async Task A_dispute_about_a_period_that_an_upgrade_cut_short_holds_what_it_carried_over_and_nothing_else(string outcome, int after)
    {
        var user = await app.GivenSubscriberAsync("starter");
        // Of two periods that begin in one second the longer one counts as the later.
        await app.AdvanceAsync(TimeSpan.FromHours(1));
        await app.AtStripeAsync(HttpMethod.Post, $"subscriptions/{(await app.AccountAsync(user)).Subscription}",
            ("items[0][id]", await app.ScalarAsync<string>("SELECT item_id FROM user_subscriptions WHERE user_id = @Id", new { user.Id })),
            ("items[0][price]", await app.ScalarAsync<string>("SELECT price_id FROM stripe_prices WHERE plan_type = 'plus' AND billing_interval = 'month'")),
            ("billing_cycle_anchor", "now"), ("proration_behavior", "none"));
        await app.SettleAsync();
        Assert.Equal(6000, await app.AvailableAsync(user));

        await app.DoAsync(user, "dispute");
        Assert.Equal(5000, await app.AvailableAsync(user));
        await app.RepeatEventsAsync(user);
        Assert.Equal(5000, await app.AvailableAsync(user));

        await app.DoAsync(user, outcome);
        Assert.Equal(after, await app.AvailableAsync(user));
        Assert.Empty(await app.QueryAsync<string>("SELECT fault FROM ledger_faults() WHERE user_id = @Id", new { user.Id }));
    }

    [Fact]
    public async Task A_year_that_is_ended_with_the_money_for_its_rest_ends_when_what_is_left_of_it_is_used_up()
    {
        var user = await app.GivenSubscriberAsync("starter", "year");
        await app.AtStripeAsync(HttpMethod.Delete, $"subscriptions/{(await app.AccountAsync(user)).Subscription}");
        await app.DoAsync(user, "refund 7500");
        Assert.Equal("starter", (await app.AccountAsync(user)).Plan);

        Assert.Equal([1000], await RefillsAsync(user, 1));
        await RefillsAsync(user, 1);

        Assert.Equal("free", (await app.AccountAsync(user)).Plan);
    }

    [Fact]
    public async Task The_books_and_Stripe_agree_after_all_of_this()
    {
        foreach (var steps in new[] { "refund 300, fail", "dispute 100, won", "dispute, lost, won", "refund 900" })
        {
            await app.DoAsync(await app.GivenSubscriberAsync("starter"), steps);
            await app.DoAsync(await app.GivenBuyerAsync(), steps);
        }

        var drift = new List<string>();
        await app.Service<Aurion.Web.Billing.Sync.BillingReconciler>().RunAsync(repair: false, endMissing: false, drift.Add, CancellationToken.None);
        Assert.Empty(drift);
        Assert.Empty(await app.QueryAsync<string>("SELECT fault FROM ledger_faults()"));
    }

    private async Task SpendAsync(TestUser user, int launches)
    {
        if (launches > 0)
            await app.ExecuteAsync("UPDATE user_credits SET used_credits = total_credits WHERE user_id = @Id AND total_credits = 100", new { user.Id });
        for (var i = 0; i < launches; i++)
            Assert.Equal("LAUNCHED", await app.SpendAsync(user));
    }

    private async Task ExpectPlanAsync(TestUser user, int left, int undone)
    {
        Assert.Equal(left, await app.AvailableAsync(user));
        Assert.Equal(undone, await app.ScalarAsync<int>("SELECT sum(clawed_back + written_off)::int FROM plan_grants WHERE user_id = @Id", new { user.Id }));
        Assert.Empty(await app.QueryAsync<string>("SELECT fault FROM ledger_faults() WHERE user_id = @Id", new { user.Id }));
        Assert.Equal(0, await app.ScalarAsync<int>("SELECT count(*)::int FROM stripe_events WHERE state NOT IN ('done', 'ignored')"));
    }

    /// <summary>Month after month: everything is spent, a month goes by, and so many credits arrive.</summary>
    private async Task<IReadOnlyList<int>> RefillsAsync(TestUser user, int months)
    {
        var refills = new List<int>();
        for (var month = 0; month < months; month++)
        {
            await app.ExecuteAsync("UPDATE user_credits SET used_credits = total_credits WHERE user_id = @Id", new { user.Id });
            app.Clock.Advance(await app.ScalarAsync<DateTime>("SELECT greatest(current_period_end, @now) FROM user_plans WHERE user_id = @Id", new { user.Id, now = app.Clock.GetUtcNow() })
                is var end && end > app.Clock.GetUtcNow().UtcDateTime ? end - app.Clock.GetUtcNow().UtcDateTime : TimeSpan.FromDays(31));
            await app.ExecuteAsync("SELECT reset_monthly_credits(@now)", new { now = app.Clock.GetUtcNow() });
            refills.Add((await app.AccountAsync(user)) is var account ? account.Total - account.Used : 0);
        }
        return refills;
    }

    public sealed class App : PackApp
    {
        /// <summary>Refunds, disputes and their ends at Stripe, one after the other; every one reaches us by the webhook.</summary>
        public async Task DoAsync(TestUser user, string steps)
        {
            foreach (var step in steps.Split(", "))
            {
                var charge = (await AtStripeAsync(HttpMethod.Get, $"charges?customer={await CustomerAsync(user)}&limit=100")).GetProperty("data").EnumerateArray().Last().GetProperty("id").GetString()!;
                var words = step.Split(' ');
                var amount = words.Length > 1 ? words[1] : "";
                if (words[0] == "refund")
                    await AtStripeAsync(HttpMethod.Post, "refunds", ("charge", charge), ("amount", amount));
                else if (words[0] == "fail")
                    await PressAsync("fail-refund", new { refund = (await AtStripeAsync(HttpMethod.Get, $"refunds?charge={charge}")).GetProperty("data")[0].GetProperty("id").GetString() });
                else if (words[0] == "dispute")
                    await PressAsync("dispute", new { charge, amount });
                else
                    await PressAsync("close-dispute", new { charge, outcome = words[0] });
                await SettleAsync();
            }
        }

        public async Task RepeatEventsAsync(TestUser user)
        {
            await ExecuteAsync("UPDATE stripe_events SET state = 'received', next_attempt_at = '2000-01-01' WHERE user_id = @Id", new { user.Id });
            await SettleAsync();
        }

        public Task<int> AvailableAsync(TestUser user) =>
            ScalarAsync<int>("SELECT spendable_credits(c, @now) FROM user_credits c WHERE user_id = @Id", new { user.Id, now = Clock.GetUtcNow() });

        private async Task PressAsync(string button, object fields)
        {
            using var http = new HttpClient { BaseAddress = new Uri(Stripe.Address) };
            (await http.PostAsJsonAsync($"/control/{button}", fields)).EnsureSuccessStatusCode();
        }
    }
}
