using System.Net;
using Aurion.Data.Billing;
using Aurion.Web.Billing.Purchases;
using Aurion.Web.Billing.Stripe;
using Aurion.Web.Credits.Live;
using Aurion.Web.Tests.Infrastructure;
using Aurion.Web.Tools;
using Dapper;
using Npgsql;

namespace Aurion.Web.Tests.Billing;

/// <summary>Small: 400 cents give 300 credits. People here hold 100 of the plan and a pack; they want more below 200.</summary>
public sealed class TopUpTests(TopUpApp app) : IClassFixture<TopUpApp>
{
    [Theory]
    [InlineData(199, 1)]
    [InlineData(200, 0)]
    [InlineData(201, 0)]
    public async Task Below_the_threshold_a_pack_is_bought_with_the_saved_card(int left, int bought)
    {
        var user = await app.GivenAllowedAsync(left);

        await app.RunAsync();

        Assert.Equal(bought, await app.TopUpsAsync(user));
        Assert.Equal(bought, await app.ChargesAsync(user));
        Assert.Equal(left + (300 * bought), await app.AvailableAsync(user));
        Assert.Equal(bought, await app.ScalarAsync<int>("SELECT count(*)::int FROM usage_logs WHERE user_id = @Id AND action_type = 'credits_topped_up' AND delta = 300 AND operation_id LIKE 'stripe_payment:pi_%'", new { user.Id }));
        await app.PacksAsync(user);
    }

    [Theory]
    [InlineData(0, 399, 0)]
    [InlineData(0, 400, 1)]
    [InlineData(0, 401, 1)]
    [InlineData(800, 1199, 0)]
    [InlineData(800, 1200, 1)]
    [InlineData(800, 1201, 1)]
    public async Task The_months_money_ends_at_the_persons_own_cap(int spent, int cap, int bought)
    {
        var user = await app.GivenAllowedAsync(50, cap: Math.Max(cap, 400));
        await app.ExecuteAsync("UPDATE top_up_settings SET monthly_cap_cents = @cap WHERE user_id = @Id", new { user.Id, cap });
        for (var cents = 0; cents < spent; cents += 400)
            await app.ExecuteAsync("""
                INSERT INTO purchases (user_id, operation_id, kind, pack_id, price_id, credits, amount, status, payment_intent_id, created_at)
                VALUES (@Id, gen_random_uuid(), 'top_up', 'small', 'p', 300, 400, 'complete', 'pi_' || gen_random_uuid(), @at)
                """, new { user.Id, at = app.Clock.GetUtcNow().AddMinutes(-16) });

        await app.RunAsync();

        Assert.Equal(bought, await app.ChargesAsync(user));
    }

    [Fact]
    public async Task Forty_launches_that_cross_it_at_once_charge_once()
    {
        var user = await app.GivenAllowedAsync(450, threshold: 300);
        var launches = Enumerable.Range(0, 40).Select(_ => Task.Run(() => app.Service<ToolLauncher>().LaunchAsync(user.Id, null, "text-editor", null, newSession: true, CancellationToken.None)));
        var runs = Enumerable.Range(0, 8).Select(_ => Task.Run(app.RunAsync));

        await Task.WhenAll([.. launches, .. runs]);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(app.RunAsync)));

        Assert.Equal(1, await app.ChargesAsync(user));
        Assert.Equal(1, await app.TopUpsAsync(user));
        Assert.Equal(450 - 200 + 300, await app.AvailableAsync(user));
    }

    [Fact]
    public async Task One_that_was_begun_and_paid_while_another_looked_counts_for_the_other()
    {
        var user = await app.GivenAllowedAsync(50);
        var now = app.Clock.GetUtcNow();
        await app.Service<TopUpStore>().MarkLowAsync();
        await using var first = new NpgsqlConnection(app.OwnerConnectionString);
        await first.OpenAsync();
        await using var transaction = await first.BeginTransactionAsync();
        Assert.True(await BeginAsync(first));

        var other = Task.Run(async () =>
        {
            await using var second = new NpgsqlConnection(app.OwnerConnectionString);
            return await BeginAsync(second);
        });
        await Eventually.HoldsAsync(
            () => app.ScalarAsync<bool>("SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock')"), "the other waits");
        await first.ExecuteAsync("UPDATE purchases SET status = 'complete' WHERE user_id = @Id AND kind = 'top_up'", new { user.Id });
        await transaction.CommitAsync();

        Assert.False(await other);

        Task<bool> BeginAsync(NpgsqlConnection connection) => connection.ExecuteScalarAsync<bool>("SELECT begin_top_up(@Id, gen_random_uuid(), @now)", new { user.Id, now });
    }

    [Fact]
    public async Task Within_the_cooldown_there_is_no_second_one_and_after_it_there_is()
    {
        var user = await app.GivenAllowedAsync(20, threshold: 300);
        await app.RunAsync();
        await app.ExecuteAsync("UPDATE user_credits SET bonus_credits = 105, used_credits = total_credits WHERE user_id = @Id", new { user.Id });
        await app.SpendAsync(user, "text-editor");

        app.Clock.Advance(TimeSpan.FromMinutes(14));
        await app.RunAsync();
        Assert.Equal(1, await app.ChargesAsync(user));

        app.Clock.Advance(TimeSpan.FromMinutes(2));
        await app.RunAsync();
        Assert.Equal(2, await app.ChargesAsync(user));
    }

    [Theory]
    [InlineData("4000000000000341", "declined", "Your card was declined; nothing was charged.")]
    [InlineData("4000002760003184", "authentication_required", "Your bank wants you to be there for each payment; nothing was charged.")]
    public async Task A_card_that_is_refused_stops_top_ups_says_so_and_leads_on(string card, string reason, string words)
    {
        var user = await app.GivenAllowedAsync(50, card: card);
        await app.RunAsync();
        app.Clock.Advance(TimeSpan.FromHours(1));
        await app.RunAsync();

        Assert.Equal((reason, 1), (await app.QueryAsync<(string, int)>("""
            SELECT s.paused_reason, (SELECT count(*)::int FROM purchases p WHERE p.user_id = s.user_id AND p.kind = 'top_up' AND p.status = 'failed')
              FROM top_up_settings s WHERE s.user_id = @Id
            """, new { user.Id }))[0]);
        Assert.Equal(50, await app.AvailableAsync(user));
        foreach (var page in new[] { "/billing", "/billing/top-up" })
        {
            var main = (await app.SignedInAs(user).GetPageAsync(page)).QuerySelector("main")!;
            Assert.Contains(words, main.TextContent, StringComparison.Ordinal);
            Assert.NotNull(main.QuerySelector("form[action='/billing/top-up/card']"));
        }
    }

    [Fact]
    public async Task After_a_decline_another_card_and_a_fresh_yes_begin_again()
    {
        var user = await app.GivenAllowedAsync(50, card: "4000000000000341");
        await app.RunAsync();
        await app.SaveCardAsync(user, "pm_card_visa");

        await app.AllowAsync(user);
        await app.RunAsync();

        Assert.Equal(350, await app.AvailableAsync(user));
    }

    [Theory]
    [InlineData("UPDATE user_credits SET frozen_at = '2020-01-01' WHERE user_id = @Id")]
    [InlineData("UPDATE user_plans SET status = 'past_due' WHERE user_id = @Id")]
    [InlineData("UPDATE purchases SET dispute_status = 'needs_response' WHERE user_id = @Id")]
    [InlineData("UPDATE top_up_settings SET enabled = false WHERE user_id = @Id")]
    [InlineData("UPDATE top_up_settings SET paused_at = now(), paused_reason = 'declined' WHERE user_id = @Id")]
    public async Task An_account_in_trouble_is_not_topped_up(string trouble)
    {
        var user = await app.GivenAllowedAsync(50, trouble: trouble);

        await app.RunAsync();

        Assert.Equal((0, 0), (await app.TopUpsAsync(user), await app.ChargesAsync(user)));
    }

    [Fact]
    public async Task A_dispute_about_a_top_up_holds_its_credits_and_a_lost_one_stops_the_next()
    {
        var user = await app.GivenAllowedAsync(50, card: "4000000000000259", pack: "medium", outcome: "won");
        await app.RunAsync();
        await app.SettleAsync();
        Assert.Equal(50, await app.AvailableAsync(user));
        app.Clock.Advance(TimeSpan.FromHours(1));
        await app.RunAsync();
        Assert.Equal(1, await app.ChargesAsync(user));
        foreach (var page in new[] { "/billing", "/billing/top-up" })
            Assert.Contains("No top-up is bought while a payment is contested", (await app.SignedInAs(user).GetPageAsync(page)).QuerySelector("main")!.TextContent, StringComparison.Ordinal);

        await app.CloseTopUpDisputeAsync(user);
        app.Clock.Advance(TimeSpan.FromHours(1));
        await app.RunAsync();

        Assert.Equal(50, await app.AvailableAsync(user));
        Assert.Equal(1, await app.ChargesAsync(user));
        Assert.Equal("disputed", await app.ScalarAsync<string>("SELECT paused_reason FROM top_up_settings WHERE user_id = @Id", new { user.Id }));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public async Task A_payment_whose_answer_was_lost_is_found_and_not_made_again(int days)
    {
        var user = await app.GivenAllowedAsync(50);
        var topUp = await app.BeginAsync(user);
        var store = app.Service<TopUpStore>();
        var card = await store.AttemptAsync(topUp, (await app.Service<StripeGateway>().FindCardAsync(topUp.CustomerId, CancellationToken.None))!.MethodId);
        await app.Service<StripeGateway>().PayTopUpAsync(topUp, card!, CancellationToken.None);
        Assert.Equal(50, await app.AvailableAsync(user));

        app.Clock.Advance(TimeSpan.FromDays(days));
        await app.RunAsync();
        await app.RunAsync();

        Assert.Equal(1, await app.ChargesAsync(user));
        Assert.Equal(350, await app.AvailableAsync(user));
    }

    [Fact]
    public async Task While_Stripe_is_away_the_top_up_waits_and_then_goes_on_once()
    {
        var user = await app.GivenAllowedAsync(50);
        app.Stripe.Faults.Unavailable = true;
        await app.RunAsync();
        app.Stripe.Faults.Unavailable = false;
        Assert.Equal("creating", await app.ScalarAsync<string>("SELECT status FROM purchases WHERE user_id = @Id AND kind = 'top_up'", new { user.Id }));

        await app.RunAsync();

        Assert.Equal((1, 350), (await app.ChargesAsync(user), await app.AvailableAsync(user)));
    }

    [Fact]
    public async Task A_wish_taken_back_before_the_call_charges_nothing()
    {
        var user = await app.GivenAllowedAsync(50);
        await app.BeginAsync(user);
        await app.Service<TopUpSwitch>().StopAsync(user.Id, CancellationToken.None);

        await app.RunAsync();

        Assert.Equal(0, await app.ChargesAsync(user));
        Assert.Equal("expired", await app.ScalarAsync<string>("SELECT status FROM purchases WHERE user_id = @Id AND kind = 'top_up'", new { user.Id }));
    }

    [Fact]
    public async Task A_top_up_stands_among_the_payments_with_its_receipt_which_is_the_persons_own()
    {
        var user = await app.GivenAllowedAsync(50);
        await app.RunAsync();

        var page = await app.SignedInAs(user).GetPageAsync("/billing");
        var row = Assert.Single(page.QuerySelectorAll("table tr"), tr => tr.TextContent.Contains("Automatic top-up", StringComparison.Ordinal));
        Assert.Contains("$4.00", row.TextContent, StringComparison.Ordinal);
        var receipt = row.QuerySelector("a")!.GetAttribute("href")!;
        var response = await app.SignedInAs(user).GetAsync(receipt);
        using var anybody = new HttpClient();
        Assert.Contains("AURION: automatic top-up of 300 credits", await anybody.GetStringAsync(response.Headers.Location), StringComparison.Ordinal);

        Assert.Equal(HttpStatusCode.NotFound, (await app.SignedInAs(await app.GivenUserAsync()).GetAsync(receipt)).StatusCode);
        app.Stripe.Faults.Unavailable = true;
        var away = await app.SignedInAs(user).GetAsync(receipt);
        app.Stripe.Faults.Unavailable = false;
        Assert.Equal(HttpStatusCode.ServiceUnavailable, away.StatusCode);
        Assert.Contains("Our payment partner does not answer at the moment.", await away.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_top_up_is_mailed_once()
    {
        var user = await app.GivenAllowedAsync(50);
        await app.RunAsync();
        await app.SettleAsync();
        await app.RefundAsync(user, 100);

        Assert.Equal(["300 400"], await app.QueryAsync<string>("SELECT concat_ws(' ', facts ->> 'credits', facts ->> 'cents') FROM mails WHERE user_id = @Id AND kind = 'top_up_receipt'", new { user.Id }));
    }

    [Fact]
    public async Task A_refund_of_a_top_up_takes_its_credits_back()
    {
        var user = await app.GivenAllowedAsync(50);
        await app.RunAsync();

        await app.RefundAsync(user, 200);

        Assert.Equal(200, await app.AvailableAsync(user));
        Assert.Equal(150, (await app.PacksAsync(user)).Clawed);
    }
}
