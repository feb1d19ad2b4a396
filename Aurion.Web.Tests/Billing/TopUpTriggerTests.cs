using System.Net;
using Aurion.Data.Billing;
using Aurion.Web.Tests.Infrastructure;

namespace Aurion.Web.Tests.Billing;

/// <summary>Spending alone buys. Small: 400 cents give 300 credits; people here want more below 200.</summary>
public sealed class TopUpTriggerTests(TopUpApp app) : IClassFixture<TopUpApp>
{
    [Theory]
    [InlineData("an administrator takes")]
    [InlineData("a pack is refunded")]
    [InlineData("a grant expires")]
    [InlineData("a balance is set by hand")]
    public async Task What_takes_credits_without_being_spent_buys_nothing_and_the_next_launch_does(string how)
    {
        // 55 of the plan that a launch leaves at 50, and 200 more.
        var user = await GivenCardAsync(credits: 55);
        await app.ExecuteAsync("UPDATE user_credits SET bonus_credits = bonus_credits + 200 WHERE user_id = @Id", new { user.Id });
        if (how == "a pack is refunded")
        {
            await app.ExecuteAsync("UPDATE user_credits SET bonus_credits = bonus_credits - 200 WHERE user_id = @Id", new { user.Id });
            await app.PayAsync(await app.OpenPackAsync(user, "small"));
            await app.SettleAsync();
        }
        await app.AllowAsync(user);
        await app.RunAsync();

        switch (how)
        {
            case "an administrator takes":
                await app.ExecuteAsync("SELECT adjust_user_credits(@Id, -100, 'a mistake', gen_random_uuid(), gen_random_uuid(), @now)", new { user.Id, now = app.Clock.GetUtcNow() });
                break;
            case "a pack is refunded":
                await app.RefundAsync(user);
                break;
            case "a grant expires":
                await app.ExecuteAsync("UPDATE credit_grants SET expires_at = @now WHERE user_id = @Id; SELECT sweep_expired_grants(@now)", new { user.Id, now = app.Clock.GetUtcNow() });
                break;
            default:
                await app.ExecuteAsync("UPDATE user_credits SET bonus_credits = 0 WHERE user_id = @Id", new { user.Id });
                break;
        }
        await ExpectChargesAsync(user, 0);

        Assert.Equal("LAUNCHED", await app.SpendAsync(user, "text-editor"));
        await ExpectChargesAsync(user, 1);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(100)]
    public async Task A_top_up_that_is_refunded_even_in_part_is_not_bought_again_until_the_person_switches_on_again(int? cents)
    {
        var user = await app.GivenAllowedAsync(50);
        await app.RunAsync();
        Assert.Equal(1, await app.ChargesAsync(user));

        await app.RefundAsync(user, cents);
        app.Clock.Advance(TimeSpan.FromMinutes(20));
        await app.SpendAsync(user, "text-editor");
        await ExpectChargesAsync(user, 1);
        Assert.Contains("A top-up was refunded.", await TextAsync(user, "/billing/top-up"), StringComparison.Ordinal);

        // What is heard of the same refund again does not switch off what the person has switched on since.
        await app.AllowAsync(user, threshold: 300);
        await app.ExecuteAsync("UPDATE stripe_events SET state = 'received', next_attempt_at = '2000-01-01' WHERE user_id = @Id", new { user.Id });
        await app.SettleAsync();
        await ExpectChargesAsync(user, 2);
    }

    [Fact]
    public async Task Switching_on_while_credits_are_low_waits_for_the_next_launch()
    {
        var user = await GivenCardAsync(credits: 50);
        Assert.Equal(HttpStatusCode.Redirect, (await AllowAsync(user, "visa 4242")).StatusCode);
        await ExpectChargesAsync(user, 0);

        await app.SpendAsync(user, "text-editor");
        await ExpectChargesAsync(user, 1);
    }

    [Fact]
    public async Task A_spend_that_could_not_be_followed_by_a_purchase_buys_nothing_hours_later()
    {
        var user = await app.GivenAllowedAsync(50, trouble: "UPDATE top_up_settings SET monthly_cap_cents = 399 WHERE user_id = @Id");
        await app.RunAsync();
        await app.ExecuteAsync("UPDATE top_up_settings SET monthly_cap_cents = 100000 WHERE user_id = @Id", new { user.Id });

        app.Clock.Advance(TimeSpan.FromHours(1));
        await ExpectChargesAsync(user, 0);

        await app.SpendAsync(user, "text-editor");
        await ExpectChargesAsync(user, 1);
    }

    [Fact]
    public async Task A_consent_that_names_another_card_than_the_one_that_would_pay_is_asked_for_again_with_its_name()
    {
        var user = await GivenCardAsync(credits: 55);
        Assert.Contains("let us charge Visa •••• 4242", await TextAsync(user, "/billing/top-up"), StringComparison.Ordinal);
        await app.SaveCardAsync(user, "pm_card_mastercard");

        var refused = await AllowAsync(user, "visa 4242");

        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
        var page = await refused.ReadHtmlAsync();
        Assert.Contains("let us charge Mastercard •••• 4444", page.QuerySelector("main")!.TextContent, StringComparison.Ordinal);
        Assert.False(await app.ScalarAsync<bool>("SELECT enabled FROM top_up_settings WHERE user_id = @Id", new { user.Id }));
        Assert.Equal(HttpStatusCode.Redirect, (await AllowAsync(user, page.QuerySelector("input[name='Input.Card']")!.GetAttribute("value")!)).StatusCode);
    }

    [Fact]
    public async Task A_card_that_was_changed_since_the_consent_is_not_charged()
    {
        var user = await app.GivenAllowedAsync(50);
        await app.SaveCardAsync(user, "pm_card_mastercard");

        await app.RunAsync();

        await ExpectChargesAsync(user, 0);
        Assert.Contains("another one than the one you agreed to; nothing was charged", await TextAsync(user, "/billing"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, "cancelled", 0)]
    [InlineData(false, null, 1)]
    public async Task A_cancellation_switches_them_off_unless_the_person_leaves_them_on(bool atStripe, string? reason, int charges)
    {
        var user = await GivenSubscriberWithCardAsync();
        if (atStripe)
            await app.AtStripeAsync(HttpMethod.Post, $"subscriptions/{(await app.AccountAsync(user)).Subscription}", ("cancel_at_period_end", "true"));
        else
            await app.SignedInAs(user).PostFormAsync("/billing/cancel", new { operationId = Guid.CreateVersion7(app.Clock.GetUtcNow()), stopTopUps = false });
        await app.SettleAsync();

        Assert.Equal(reason, await ReasonAsync(user));
        Assert.True((await app.QueryAsync<bool>("SELECT cancel_at_period_end FROM user_subscriptions WHERE user_id = @Id", new { user.Id }))[0]);
        await app.SpendAsync(user, "text-editor");
        await ExpectChargesAsync(user, charges);
    }

    [Fact]
    public async Task The_end_of_the_plan_switches_them_off_and_buys_nothing()
    {
        var user = await GivenSubscriberWithCardAsync();
        await app.SignedInAs(user).PostFormAsync("/billing/cancel", new { operationId = Guid.CreateVersion7(app.Clock.GetUtcNow()), stopTopUps = false });
        await app.SettleAsync();

        await app.AtStripeAsync(HttpMethod.Delete, $"subscriptions/{(await app.AccountAsync(user)).Subscription}");
        await app.SettleAsync();
        await app.ExecuteAsync("SELECT reset_monthly_credits(@at)", new { at = app.Clock.GetUtcNow().AddDays(40) });

        Assert.Equal("free", (await app.AccountAsync(user)).Plan);
        Assert.Equal("plan_ended", await ReasonAsync(user));
        await app.SpendAsync(user, "text-editor");
        await ExpectChargesAsync(user, 0);
    }

    [Fact]
    public async Task One_top_up_that_fails_holds_up_no_other()
    {
        await app.ExecuteAsync("""
            CREATE OR REPLACE FUNCTION refuse_one() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN IF NEW.user_id = (SELECT id FROM profiles WHERE full_name = 'Broken Row') AND NEW.kind = 'top_up' THEN RAISE EXCEPTION 'a broken row'; END IF; RETURN NEW; END $$;
            CREATE TRIGGER refuse_one BEFORE INSERT ON purchases FOR EACH ROW EXECUTE FUNCTION refuse_one();
            """);
        var broken = await app.GivenAllowedAsync(50, trouble: "UPDATE profiles SET full_name = 'Broken Row' WHERE id = @Id");
        var fine = await app.GivenAllowedAsync(50);

        await app.RunAsync();
        await app.ExecuteAsync("DROP TRIGGER refuse_one ON purchases");

        Assert.Equal((0, 1), (await app.ChargesAsync(broken), await app.ChargesAsync(fine)));
        Assert.Contains("a broken row", await app.ScalarAsync<string>("SELECT error FROM job_failures WHERE subject = @subject", new { subject = $"user {broken.Id}" }), StringComparison.Ordinal);
    }

    private async Task<TestUser> GivenCardAsync(int credits)
    {
        var user = await app.GivenUserAsync(credits);
        await app.PayAsync((await app.SignedInAs(user).PostFormAsync("/billing/top-up/card", from: "/billing/top-up")).Headers.Location!);
        await app.SettleAsync();
        return user;
    }

    /// <summary>Starter with 205 credits left, and top-ups below 201.</summary>
    private async Task<TestUser> GivenSubscriberWithCardAsync()
    {
        var user = await app.GivenSubscriberAsync("starter");
        await app.PayAsync((await app.SignedInAs(user).PostFormAsync("/billing/top-up/card", from: "/billing/top-up")).Headers.Location!);
        await app.SettleAsync();
        await app.ExecuteAsync("UPDATE user_credits SET used_credits = total_credits - 205 WHERE user_id = @Id", new { user.Id });
        await app.AllowAsync(user, threshold: 201);
        await ExpectChargesAsync(user, 0);
        return user;
    }

    private async Task<HttpResponseMessage> AllowAsync(TestUser user, string card) => await app.SignedInAs(user).PostFormAsync("/billing/top-up", new Dictionary<string, string>
    {
        ["Input.Threshold"] = "200",
        ["Input.Pack"] = "small",
        ["Input.Cap"] = "100",
        ["Input.Card"] = card,
    });

    /// <summary>After a run, and after all that time alone brings about.</summary>
    private async Task ExpectChargesAsync(TestUser user, int charges)
    {
        await app.RunAsync();
        Assert.Equal(charges, await app.ChargesAsync(user));
        app.Clock.Advance(TimeSpan.FromMinutes(16));
        await app.RunAsync();
        Assert.Equal(charges, await app.ChargesAsync(user));
        Assert.Empty(await app.QueryAsync<string>("SELECT fault FROM ledger_faults() WHERE user_id = @Id", new { user.Id }));
    }

    private Task<string?> ReasonAsync(TestUser user) => app.ScalarAsync<string?>("SELECT paused_reason FROM top_up_settings WHERE user_id = @Id", new { user.Id });

    private async Task<string> TextAsync(TestUser user, string page) => (await app.SignedInAs(user).GetPageAsync(page)).QuerySelector("main")!.TextContent;
}
