using System.Net;
using Aurion.Web.Billing.Sync;
using Aurion.Web.Tests.Credits;
using Aurion.Web.Tests.Infrastructure;

namespace Aurion.Web.Tests.Billing;

public sealed class PackTests(PackApp app) : IClassFixture<PackApp>
{
    [Fact]
    public async Task A_pack_gives_its_credits_once_with_a_ledger_row_and_leaves_the_plan_as_it_is()
    {
        var user = await app.GivenBuyerAsync("medium", credits: 30);

        var account = await app.AccountAsync(user);
        Assert.Equal((100, 70, 1000, "free"), (account.Total, account.Used, account.Bonus, account.Plan));
        Assert.Equal(new Packs(1, 1000, 0, 0, 0), await app.PacksAsync(user));
        Assert.Equal([("credits_purchased", 1000, 1030, $"stripe_checkout:{await app.SessionAsync(user)}")], await app.QueryAsync<(string, int, int, string)>(
            "SELECT action_type, delta, balance_after, operation_id FROM usage_logs WHERE user_id = @Id AND actor = 'stripe'", new { user.Id }));
    }

    [Fact]
    public async Task The_plan_is_spent_first_and_a_refill_leaves_the_pack_alone()
    {
        var user = await app.GivenBuyerAsync("small", credits: 60);
        Assert.Equal("LAUNCHED", await app.SpendAsync(user));
        Assert.Equal((100, 90, 300), await BucketsAsync(user));
        Assert.Equal("LAUNCHED", await app.SpendAsync(user));
        Assert.Equal((100, 100, 260), await BucketsAsync(user));

        await app.ExecuteAsync("SELECT reset_monthly_credits(@at)", new { at = app.Clock.GetUtcNow().AddMonths(1).AddDays(1) });

        Assert.Equal((100, 0, 260), await BucketsAsync(user));
    }

    [Fact]
    public async Task A_pack_stays_through_buying_a_plan()
    {
        var user = await app.GivenBuyerAsync("small");
        await app.PayAsync(await app.OpenCheckoutAsync(user, "starter"));
        await app.SettleAsync();

        Assert.Equal((1000, 0, 300), await BucketsAsync(user));
    }

    [Fact]
    public async Task Two_packs_are_two_payments_and_two_grants()
    {
        var user = await app.GivenBuyerAsync("small");
        await app.PayAsync(await app.OpenPackAsync(user, "small"));
        await app.SettleAsync();

        Assert.Equal(new Packs(2, 600, 0, 0, 0), await app.PacksAsync(user));
    }

    [Fact]
    public async Task The_same_wish_opens_the_same_page_however_often_it_is_pressed()
    {
        var user = await app.GivenUserAsync();

        var pages = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => app.OpenPackAsync(user, "large")));

        Assert.Single(pages.Distinct());
        Assert.NotEqual(pages[0], await app.OpenPackAsync(user, "small"));
    }

    [Fact]
    public async Task A_declined_card_gives_nothing_and_another_one_pays_the_same_page()
    {
        var user = await app.GivenUserAsync(credits: 0);
        var page = await app.OpenPackAsync(user);
        Assert.Null(await app.PayAsync(page, card: "4000000000000002"));
        await app.SettleAsync();
        Assert.Equal(0, (await app.PacksAsync(user)).Grants);

        await app.PayAsync(page);
        await app.SettleAsync();

        Assert.Equal(1000, (await app.PacksAsync(user)).Left);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Events_again_in_any_order_and_without_deduplication_give_it_once(int seed)
    {
        var user = await app.GivenBuyerAsync("large");
        await app.RefundAsync(user, 1000);
        var before = (await app.PacksAsync(user), await app.ScalarAsync<long>("SELECT ledger_seq FROM user_credits WHERE user_id = @Id", new { user.Id }));
        Assert.Equal(new Packs(1, 4000, 1000, 0, 0), before.Item1);

        var looks = (await app.QueryAsync<(string, string)>("SELECT object_kind, object_id FROM stripe_events WHERE user_id = @Id", new { user.Id })).ToArray();
        var seqs = await app.QueryAsync<long>("SELECT nextval('stripe_read_seq') FROM generate_series(1, @n)", new { n = looks.Length * 2 });
        (string, string)[] twice = [.. looks, .. looks];
        new Random(seed).Shuffle(twice);
        for (var i = 0; i < twice.Length; i++)
            Assert.IsType<ConvergeResult.Done>(await app.Service<AccountConverger>().ConvergeAsync(twice[i].Item1, twice[i].Item2, seqs[^(i + 1)], CancellationToken.None));

        Assert.Equal(before, (await app.PacksAsync(user), await app.ScalarAsync<long>("SELECT ledger_seq FROM user_credits WHERE user_id = @Id", new { user.Id })));
    }

    [Fact]
    public async Task The_refund_may_be_the_first_that_is_heard_of_a_pack()
    {
        var user = await app.GivenUserAsync(credits: 0);
        app.Stripe.Faults.LosePercent = 100;
        await app.PayAsync(await app.OpenPackAsync(user, "large"));
        await app.SettleAsync();
        app.Stripe.Faults.LosePercent = 0;
        Assert.Equal(0, (await app.PacksAsync(user)).Grants);

        var intent = (await app.AtStripeAsync(HttpMethod.Get, $"checkout/sessions/{await app.SessionAsync(user)}")).GetProperty("payment_intent").GetString()!;
        await app.AtStripeAsync(HttpMethod.Post, "refunds", ("payment_intent", intent), ("amount", "500"));
        await app.SettleAsync();

        Assert.Equal(new Packs(1, 4500, 500, 0, 0), await app.PacksAsync(user));
    }

    [Fact]
    public async Task An_answer_that_was_lost_between_Stripe_and_our_row_is_found_again()
    {
        var user = await app.GivenUserAsync(credits: 0);
        var page = await app.OpenPackAsync(user);
        await app.ExecuteAsync("UPDATE purchases SET session_id = NULL, url = NULL, status = 'creating' WHERE user_id = @Id", new { user.Id });
        Assert.Equal(page, await app.OpenPackAsync(user));
        await app.ExecuteAsync("UPDATE purchases SET session_id = NULL, url = NULL, status = 'creating' WHERE user_id = @Id", new { user.Id });

        await app.PayAsync(page);
        await app.SettleAsync();

        Assert.Equal(1000, (await app.PacksAsync(user)).Left);
        Assert.Equal(1, await app.ScalarAsync<int>("SELECT count(*)::int FROM purchases WHERE user_id = @Id", new { user.Id }));
    }

    [Theory]
    [InlineData("000123456789", 1000, "1,000 credits more")]
    [InlineData("000111111116", 0, "Nothing was charged.")]
    public async Task A_bank_that_takes_a_day_gives_nothing_until_it_says_yes(string account, int left, string words)
    {
        var user = await app.GivenUserAsync(credits: 0);
        var back = await app.PayAsync(await app.OpenPackAsync(user), account);
        await app.SettleAsync();
        Assert.Equal(0, (await app.PacksAsync(user)).Grants);
        Assert.Contains("Your bank is still working on it", (await app.SignedInAs(user).GetPageAsync(back!.PathAndQuery)).QuerySelector("main")!.TextContent, StringComparison.Ordinal);

        await app.AdvanceAsync(TimeSpan.FromDays(1));

        Assert.Equal(left, (await app.PacksAsync(user)).Left);
        Assert.Contains(words, (await app.SignedInAs(user).GetPageAsync(back.PathAndQuery)).QuerySelector("main")!.TextContent, StringComparison.Ordinal);
        Assert.Equal(1, await app.ScalarAsync<int>("SELECT count(*)::int FROM stripe_events WHERE object_id = @session AND type LIKE '%async_payment%' AND state = 'done'", new { session = await app.SessionAsync(user) }));
    }

    [Fact]
    public async Task Unpaid_gives_nothing_and_the_late_success_does()
    {
        var user = await app.GivenUserAsync(credits: 0);
        var back = await app.PayAsync(await app.OpenPackAsync(user));

        Assert.True((await app.ApplyAsync(user, purchase => purchase with { PaymentStatus = "unpaid", AmountPaid = 0 })).IsDone);
        Assert.Equal(0, (await app.PacksAsync(user)).Grants);
        Assert.Equal(0, (await app.AccountAsync(user)).Bonus);

        Assert.True((await app.ApplyAsync(user, purchase => purchase)).Changed);
        Assert.Equal(1000, (await app.PacksAsync(user)).Left);
        Assert.NotNull(back);
    }

    [Fact]
    public async Task The_return_page_has_the_credits_although_no_webhook_came()
    {
        var user = await app.GivenUserAsync(credits: 0);

        var back = await app.PayAsync(await app.OpenPackAsync(user));
        var page = await app.SignedInAs(user).GetPageAsync(back!.PathAndQuery);

        Assert.StartsWith("/billing/return?session_id=cs_", back.PathAndQuery, StringComparison.Ordinal);
        var text = page.QuerySelector("main")!.TextContent;
        Assert.Contains("1,000 credits more", text, StringComparison.Ordinal);
        Assert.Contains("1,000 credits are in your account.", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_tabs_hear_of_the_credits()
    {
        var user = await app.GivenUserAsync(credits: 0);
        await using var stream = await LiveStream.OpenAsync(app.SignedInAs(user));
        Assert.Equal(0, await stream.NextAvailableAsync());

        await app.PayAsync(await app.OpenPackAsync(user));
        await app.SettleAsync();

        await stream.WaitForAsync(1000, TimeSpan.FromSeconds(2));
    }

    [Theory]
    [InlineData("")]
    [InlineData("?session_id=cs_test_nobody")]
    public async Task The_return_page_knows_only_payments_of_this_person(string query)
    {
        var other = await app.OpenPackAsync(await app.GivenUserAsync());
        var browser = app.SignedInAs(await app.GivenUserAsync());

        Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync($"/billing/return{query}")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync($"/billing/return?session_id={other.Segments[^1]}")).StatusCode);
    }

    [Theory]
    [InlineData("")]
    [InlineData("gigantic")]
    [InlineData("'; DROP TABLE packs; --")]
    public async Task A_pack_that_is_not_sold_is_refused_with_the_way_out(string pack)
    {
        var response = await app.SignedInAs(await app.GivenUserAsync()).PostFormAsync("/billing/packs", new { pack });

        Assert.Equal(HttpStatusCode.UnprocessableEntity, response.StatusCode);
        Assert.Contains("choose one of these", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task When_Stripe_is_away_the_page_says_so_and_the_next_press_works()
    {
        var user = await app.GivenUserAsync();
        app.Stripe.Faults.Unavailable = true;
        var response = await app.SignedInAs(user).PostFormAsync("/billing/packs", new { pack = "small" });
        app.Stripe.Faults.Unavailable = false;

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Contains("Our payment partner does not answer at the moment.", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.NotNull(await app.OpenPackAsync(user, "small"));
    }

    [Fact]
    public async Task The_plans_stay_the_better_deal_by_the_credit()
    {
        Assert.Empty(await app.QueryAsync<string>("""
            SELECT k.pack_id || ' against ' || p.plan_type FROM packs k, plans p
             WHERE p.monthly_price_cents > 0 AND k.price_cents::numeric / k.credits <= p.monthly_price_cents::numeric / p.credits_monthly
            """));
    }

    private async Task<(int, int, int)> BucketsAsync(TestUser user)
    {
        var account = await app.AccountAsync(user);
        return (account.Total, account.Used, account.Bonus);
    }
}
