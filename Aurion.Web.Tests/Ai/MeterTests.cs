using Aurion.Web.Tests.Infrastructure;

namespace Aurion.Web.Tests.Ai;

/// <summary>Hold, settle, release: what a run takes, and what it is refused for.</summary>
public sealed class MeterTests(MeterApp app) : IClassFixture<MeterApp>
{
    [Fact]
    public async Task A_hold_reserves_its_ceiling_and_settling_charges_what_was_used_and_frees_the_rest()
    {
        var user = await app.GivenUserAsync(100);
        await app.ExecuteAsync("UPDATE user_plans SET plan_type = 'plus' WHERE user_id = @Id", new { user.Id });

        var (id, held) = await app.HoldAsync(user, MeterApp.Metered, prompt: 1000, completion: 2000);
        // (1,000 × $3 + 2,000 × $15) / 1,000,000 = 33,000 micro-dollars, 2,000 a credit
        Assert.Equal(("HELD", 17, 83), (held.Outcome, held.Ceiling, held.Available));
        Assert.Equal((83, 17), (await app.SpendableAsync(user), await app.HeldAsync(user)));

        var closed = await app.SettleAsync(user, id, prompt: 900, completion: 400, cost: 8_700);

        Assert.Equal(("SETTLED", 5), (closed.Outcome, closed.Credits));
        Assert.Equal((95, 0), (await app.SpendableAsync(user), await app.HeldAsync(user)));
        Assert.Equal(("CLOSED", 5, closed.Seq), await app.SettleAsync(user, id, completion: 2000) is var again ? (again.Outcome, again.Credits, again.Seq) : default);
        Assert.Equal(1, await app.ScalarAsync<int>("SELECT count(*)::int FROM usage_logs WHERE user_id = @Id AND action_type = 'use_tool_ai-chat' AND credits_used = 5 AND delta = -5", new { user.Id }));
        Assert.Equal(8_700, await app.ScalarAsync<long>("SELECT cost_microusd FROM credit_holds WHERE user_id = @Id", new { user.Id }));
        Assert.Equal("", await app.FaultsAsync());
    }

    [Fact]
    public async Task Nothing_delivered_costs_nothing_and_leaves_one_row_that_says_so()
    {
        var user = await app.GivenUserAsync(100);
        var (id, _) = await app.HoldAsync(user);

        var closed = await app.ReleaseAsync(user, id);

        Assert.Equal(("RELEASED", 0), (closed.Outcome, closed.Credits));
        Assert.Equal((100, 0), (await app.SpendableAsync(user), await app.HeldAsync(user)));
        Assert.Equal("provider_failed", await app.ScalarAsync<string>("SELECT metadata ->> 'reason' FROM usage_logs WHERE user_id = @Id AND action_type = 'use_tool_ai-chat' AND delta = 0", new { user.Id }));
        Assert.Equal("", await app.FaultsAsync());
    }

    [Fact]
    public async Task More_than_was_held_is_charged_the_ceiling_and_the_rest_is_counted_as_lost()
    {
        var user = await app.GivenUserAsync(100);
        await app.ExecuteAsync("UPDATE user_plans SET plan_type = 'plus' WHERE user_id = @Id", new { user.Id });
        var (id, held) = await app.HoldAsync(user, MeterApp.Metered, prompt: 100, completion: 100);
        Assert.Equal(1, held.Ceiling);

        var closed = await app.SettleAsync(user, id, prompt: 100, completion: 2000);

        Assert.Equal(1, closed.Credits);
        Assert.Equal(15, await app.ScalarAsync<int>("SELECT lost_credits FROM credit_holds WHERE user_id = @Id", new { user.Id }));
    }

    [Fact]
    public async Task An_old_run_keeps_the_price_it_began_with()
    {
        var user = await app.GivenUserAsync(100);
        await app.ExecuteAsync("UPDATE user_plans SET plan_type = 'plus' WHERE user_id = @Id", new { user.Id });
        var (id, _) = await app.HoldAsync(user, "google/gemini-2.5-flash", prompt: 1000, completion: 2000);
        await app.ExecuteAsync("INSERT INTO model_prices VALUES ('google/gemini-2.5-flash', 2, 3000000, 25000000, 2000, @now)", new { now = app.Clock.GetUtcNow() });

        var closed = await app.SettleAsync(user, id, prompt: 1000, completion: 2000);
        var (_, next) = await app.HoldAsync(user, "google/gemini-2.5-flash", prompt: 1000, completion: 2000);

        Assert.Equal(3, closed.Credits);
        Assert.Equal(27, next.Ceiling);
        await app.ExecuteAsync("DELETE FROM model_prices WHERE version = 2");
    }

    [Theory]
    [InlineData("UPDATE user_credits SET frozen_at = @now WHERE user_id = @Id", "ACCOUNT_FROZEN")]
    [InlineData("UPDATE ai_models SET status = 'off' WHERE model_id = 'meta-llama/llama-3.3-70b-instruct'", "MODEL_UNAVAILABLE", "meta-llama/llama-3.3-70b-instruct")]
    [InlineData("SELECT @now, @Id", "MODEL_UNAVAILABLE", "nobody/nothing")]
    [InlineData("SELECT @now, @Id", "PLAN_LACKS_TOOL", "openai/gpt-5")]
    [InlineData("SELECT @now, @Id", "TOOL_UNAVAILABLE", MeterApp.Flat, "video-generation")]
    [InlineData("SELECT @now, @Id", "TOOL_UNAVAILABLE", MeterApp.Flat, "app-builder")]
    [InlineData("UPDATE user_credits SET used_credits = total_credits WHERE user_id = @Id AND @now IS NOT NULL", "INSUFFICIENT_CREDITS")]
    public async Task A_hold_is_refused_with_its_reason_and_nothing_is_reserved(string given, string reason, string model = MeterApp.Flat, string tool = "ai-chat")
    {
        var user = await app.GivenUserAsync(100);
        await app.ExecuteAsync(given, new { user.Id, now = app.Clock.GetUtcNow() });

        var (id, outcome) = await app.HoldAsync(user, model, tool: tool);

        Assert.Equal(reason, outcome.Outcome);
        Assert.Equal(0, await app.HeldAsync(user));
        Assert.Equal("HOLD_NOT_FOUND", (await app.SettleAsync(user, id)).Outcome);
    }

    [Fact]
    public async Task The_plans_limits_hold_by_day_and_by_month_and_say_when_they_end()
    {
        var user = await app.GivenUserAsync(100);
        app.Clock.StopAt(new DateTimeOffset(2027, 1, 30, 12, 0, 0, TimeSpan.Zero));
        for (var n = 0; n < 5; n++)
            await app.SettleAsync(user, (await app.HoldAsync(user, tool: "image-generation", model: null!)).Id, units: 1);
        await app.ExecuteAsync("UPDATE user_credits SET total_credits = 10000, used_credits = 0 WHERE user_id = @Id", new { user.Id });
        var (_, sixth) = await app.HoldAsync(user, tool: "image-generation", model: null!);
        Assert.Equal(("DAILY_LIMIT", 5, new DateTimeOffset(2027, 1, 31, 0, 0, 0, TimeSpan.Zero)), (sixth.Outcome, sixth.LimitedTo, sixth.EndsAt));

        for (var n = 0; n < 15; n++)
            await app.ExecuteAsync("INSERT INTO credit_holds (user_id, id, tool_id, units, ceiling, state, created_at, expires_at, closed_at) SELECT @Id, gen_random_uuid(), 'image-generation', 1, 1, 'settled', @at, @at, @at", new { user.Id, at = new DateTimeOffset(2027, 1, 2, 0, 0, 0, TimeSpan.Zero) });
        app.Clock.StopAt(new DateTimeOffset(2027, 1, 31, 0, 0, 0, TimeSpan.Zero));
        var (_, next) = await app.HoldAsync(user, tool: "image-generation", model: null!);
        Assert.Equal(("MONTHLY_LIMIT", 20, new DateTimeOffset(2027, 2, 1, 0, 0, 0, TimeSpan.Zero)), (next.Outcome, next.LimitedTo, next.EndsAt));

        app.Clock.StopAt(new DateTimeOffset(2027, 2, 1, 0, 0, 0, TimeSpan.Zero));
        Assert.Equal("HELD", (await app.HoldAsync(user, tool: "image-generation", model: null!)).Outcome.Outcome);
        await app.ExecuteAsync("DELETE FROM credit_holds WHERE user_id = @Id AND ceiling = 1", new { user.Id });
    }

    [Fact]
    public async Task Two_runs_at_once_on_one_credit_are_one_run()
    {
        var user = await app.GivenUserAsync(1);

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Task.Run(() => app.HoldAsync(user))));

        Assert.Equal(["HELD", "INSUFFICIENT_CREDITS"], outcomes.Select(o => o.Outcome.Outcome).Order());
    }

    [Fact]
    public async Task Two_hundred_runs_at_once_stop_exactly_at_the_plans_limit()
    {
        var user = await app.GivenUserAsync(100);

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => Task.Run(() => app.HoldAsync(user))));

        Assert.Equal(20, outcomes.Count(o => o.Outcome.Outcome == "HELD"));
        Assert.Equal(180, outcomes.Count(o => o.Outcome.Outcome == "DAILY_LIMIT"));
        Assert.Equal(20, await app.HeldAsync(user));
        await Task.WhenAll(outcomes.Where(o => o.Outcome.Outcome == "HELD").SelectMany(o => new[] { app.SettleAsync(user, o.Id), app.ReleaseAsync(user, o.Id) }));
        Assert.Equal(0, await app.HeldAsync(user));
        Assert.Equal("", await app.FaultsAsync());
    }

    [Fact]
    public async Task A_launch_cannot_take_what_a_run_has_reserved()
    {
        var user = await app.GivenUserAsync(5);
        await app.HoldAsync(user);

        var launch = await app.WithToken(user).PostJsonAsync("/api/validate-tool-access", new { toolId = "text-editor" });

        Assert.Equal(System.Net.HttpStatusCode.Forbidden, launch.StatusCode);
        Assert.Contains("\"available\":4", await launch.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task The_check_of_the_books_finds_a_hold_that_was_tampered_with()
    {
        var user = await app.GivenUserAsync(100);
        var (open, _) = await app.HoldAsync(user);
        Assert.Equal("", await app.FaultsAsync());

        await app.ExecuteAsync("UPDATE user_credits SET held_credits = 0 WHERE user_id = @Id", new { user.Id });
        Assert.Contains("held_credits", await app.FaultsAsync());
        await app.ExecuteAsync("UPDATE user_credits SET held_credits = 1 WHERE user_id = @Id", new { user.Id });
        await app.SettleAsync(user, open);
        await app.ExecuteAsync("UPDATE credit_holds SET credits = 0 WHERE user_id = @Id", new { user.Id });
        Assert.Contains("other credits", await app.FaultsAsync());
        await app.ExecuteAsync("UPDATE credit_holds SET credits = 1 WHERE user_id = @Id", new { user.Id });
    }
}
