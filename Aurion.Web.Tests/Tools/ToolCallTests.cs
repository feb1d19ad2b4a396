using Aurion.Web.Tests.Infrastructure;

namespace Aurion.Web.Tests.Tools;

/// <summary>What a launch pays for, what costs more, and what is given back.</summary>
public sealed class ToolCallTests(ToolApp app) : IClassFixture<ToolApp>
{
    private const string Wordy = "Due to the fact that it rained, we stayed.";

    [Fact]
    public async Task A_call_is_answered_from_what_was_sent_and_is_part_of_the_launch()
    {
        var session = await app.LaunchAsync();

        var (status, answer) = await session.CallAsync(Wordy);

        Assert.Equal((200, "done", "Because it rained, we stayed."), (status, answer.GetProperty("state").GetString(), answer.GetProperty("text").GetString()));
        Assert.Equal((0, 19, 20), (answer.GetProperty("credits").GetInt32(), Calls(answer, "left"), Calls(answer, "included")));
        Assert.Equal(95, await app.SpendableAsync(session.User));
        Assert.True(await app.ScalarAsync<long>("SELECT cost_microusd FROM tool_runs WHERE user_id = @Id", new { session.User.Id }) > 0);
    }

    [Fact]
    public async Task After_the_included_calls_a_further_one_is_asked_for_and_charged_once()
    {
        var session = await app.LaunchAsync();
        await app.ExecuteAsync("UPDATE tools SET included_calls = 2 WHERE tool_id = 'text-editor'");
        try
        {
            await session.CallAsync(Wordy);
            await session.CallAsync(Wordy);

            var (status, refused) = await session.CallAsync(Wordy);
            Assert.Equal((402, "BUDGET_SPENT", 1), (status, refused.GetProperty("code").GetString(), refused.GetProperty("price").GetInt32()));
            Assert.Equal(95, await app.SpendableAsync(session.User));

            var id = app.NewRun();
            var (_, paid) = await session.CallAsync(Wordy, id, agreed: 1);
            var (_, again) = await session.CallAsync(Wordy, id, agreed: 1);
            Assert.Equal((1, 1), (paid.GetProperty("credits").GetInt32(), again.GetProperty("credits").GetInt32()));
            Assert.Equal((94, 0), (await app.SpendableAsync(session.User), await app.HeldAsync(session.User)));
            Assert.Equal("", await app.FaultsAsync());
        }
        finally
        {
            await app.ExecuteAsync("UPDATE tools SET included_calls = 20 WHERE tool_id = 'text-editor'");
        }
    }

    [Fact]
    public async Task A_further_call_that_fails_costs_nothing_and_one_without_credits_is_refused()
    {
        var session = await app.LaunchAsync(await app.GivenUserAsync(6));
        await app.ExecuteAsync("UPDATE tools SET included_calls = 1 WHERE tool_id = 'text-editor'");
        try
        {
            await session.CallAsync(Wordy);
            var (_, failed) = await session.CallAsync("fail:500", agreed: 1);
            Assert.Equal(("failed", 0, 0), (failed.GetProperty("state").GetString(), failed.GetProperty("credits").GetInt32(), failed.GetProperty("refunded").GetInt32()));
            Assert.Equal((1, 0), (await app.SpendableAsync(session.User), await app.HeldAsync(session.User)));

            await session.CallAsync(Wordy, agreed: 1);
            var (status, refused) = await session.CallAsync(Wordy, agreed: 1);
            Assert.Equal((403, "INSUFFICIENT_CREDITS"), (status, refused.GetProperty("code").GetString()));
            Assert.Equal((0, 0), (await app.SpendableAsync(session.User), await app.HeldAsync(session.User)));
            Assert.Equal("", await app.FaultsAsync());
        }
        finally
        {
            await app.ExecuteAsync("UPDATE tools SET included_calls = 20 WHERE tool_id = 'text-editor'");
        }
    }

    [Theory]
    [InlineData("fail:500")]
    [InlineData("fail:cut:2")]
    [InlineData("fail:after:3")]
    [InlineData("fail:blank")]
    [InlineData("fail:garbage")]
    public async Task A_session_whose_first_call_fails_is_given_back_and_ends(string trouble)
    {
        var session = await app.LaunchAsync();

        var (status, answer) = await session.CallAsync($"{Wordy} {trouble}");

        Assert.Equal((200, "failed", 5), (status, answer.GetProperty("state").GetString(), answer.GetProperty("refunded").GetInt32()));
        Assert.Equal(100, await app.SpendableAsync(session.User));
        Assert.Equal(401, (await session.CallAsync(Wordy)).Status);
    }

    [Fact]
    public async Task A_later_call_that_fails_takes_nothing_from_the_budget_and_gives_nothing_back()
    {
        var session = await app.LaunchAsync();
        await session.CallAsync(Wordy);

        var (_, failed) = await session.CallAsync("fail:500");

        Assert.Equal(("failed", 0, 19), (failed.GetProperty("state").GetString(), failed.GetProperty("refunded").GetInt32(), Calls(failed, "left")));
        Assert.Equal(95, await app.SpendableAsync(session.User));
    }

    [Fact]
    public async Task A_repair_is_free_twice_and_of_nothing_but_an_answered_call_of_the_session()
    {
        var (session, other) = (await app.LaunchAsync(), await app.LaunchAsync());
        var (_, first) = await session.CallAsync(Wordy);
        var id = first.GetProperty("runId").GetGuid();

        for (var i = 0; i < 2; i++)
            Assert.Equal(19, Calls((await session.CallAsync(Wordy, repairs: id)).Body, "left"));
        Assert.Equal(422, (await session.CallAsync(Wordy, repairs: id)).Status);
        Assert.Equal(422, (await other.CallAsync(Wordy, repairs: id)).Status);
        Assert.Equal(422, (await session.CallAsync(Wordy, repairs: app.NewRun())).Status);
    }

    [Fact]
    public async Task Of_many_calls_at_once_no_more_than_the_budget_are_made()
    {
        var session = await app.LaunchAsync();
        await app.ExecuteAsync("UPDATE tools SET included_calls = 3 WHERE tool_id = 'text-editor'");
        try
        {
            await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => session.CallAsync(Wordy)));

            Assert.InRange(await app.ScalarAsync<int>("SELECT count(*)::int FROM tool_runs WHERE user_id = @Id", new { session.User.Id }), 1, 3);
            Assert.Equal(95, await app.SpendableAsync(session.User));
        }
        finally
        {
            await app.ExecuteAsync("UPDATE tools SET included_calls = 20 WHERE tool_id = 'text-editor'");
        }
    }

    [Fact]
    public async Task A_call_whose_process_died_is_ended_and_gives_back_what_was_held()
    {
        var session = await app.LaunchAsync();
        await session.CallAsync(Wordy);
        var (id, now) = (app.NewRun(), app.Clock.GetUtcNow());
        await app.HoldAsync(session.User, tool: "text-editor", model: null!, id: id);
        await app.ExecuteAsync("""
            INSERT INTO tool_runs (user_id, id, session_id, tool_id, plan_type, model_id, purpose, pays, created_at, expires_at)
            VALUES (@user, @id, @session, 'text-editor', 'free', 'openai/gpt-4o-mini', 'shorten', 'extra', @now, @now)
            """, new { user = session.User.Id, id, session = session.Id, now });
        Assert.Equal(1, await app.HeldAsync(session.User));

        await app.RunAbandonedCallsJobAsync();

        Assert.Equal("failed", await app.ScalarAsync<string>("SELECT state FROM tool_runs WHERE id = @id", new { id }));
        Assert.Equal((95, 0, ""), (await app.SpendableAsync(session.User), await app.HeldAsync(session.User), await app.FaultsAsync()));
    }

    [Fact]
    public async Task A_long_call_keeps_its_lease_while_its_process_lives()
    {
        var session = await app.LaunchAsync();
        var (id, before) = (app.NewRun(), app.Clock.GetUtcNow());
        var call = session.CallAsync("Due to the fact that it rained, we stayed. Due to the fact that it snowed, we stayed longer. fail:slow", id);
        await Eventually.HoldsAsync(async () => await LeaseAsync(id) > before, "the call has begun");
        var first = await LeaseAsync(id);

        app.Clock.Advance(TimeSpan.FromSeconds(15));
        await Eventually.HoldsAsync(async () => await LeaseAsync(id) > first, "the lease is renewed");
        app.Clock.Advance(TimeSpan.FromSeconds(15));
        await app.RunAbandonedCallsJobAsync();

        Assert.Equal("done", (await call).Body.GetProperty("state").GetString());
    }

    [Fact]
    public async Task A_text_longer_than_the_model_reads_is_refused_before_anything_is_asked()
    {
        var session = await app.LaunchAsync();
        var asked = app.OpenRouter.Calls;

        var (status, answer) = await session.CallAsync(new string('x', 30_000));

        Assert.Equal((422, "CALL_TOO_LONG", asked), (status, answer.GetProperty("code").GetString(), app.OpenRouter.Calls));
        Assert.Equal(95, await app.SpendableAsync(session.User));
    }

    [Fact]
    public async Task The_operator_sees_a_launch_as_the_revenue_of_its_calls()
    {
        app.Clock.Advance(TimeSpan.FromHours(1));
        var (before, session) = (app.Clock.GetUtcNow(), await app.LaunchAsync());
        await session.CallAsync(Wordy);
        await session.CallAsync(Wordy);

        var rows = await app.QueryAsync<(int Runs, int Credits)>("SELECT runs, credits FROM list_margins(@from, @until) WHERE tool = 'Text Editor' AND runs > 1", new { from = before, until = app.Clock.GetUtcNow().AddMinutes(1) });

        Assert.Contains((2, 5), rows);
    }

    private Task<DateTimeOffset?> LeaseAsync(Guid id) => app.ScalarAsync<DateTimeOffset?>("SELECT max(expires_at) FROM tool_runs WHERE id = @id", new { id });

    private static int Calls(System.Text.Json.JsonElement answer, string what) => answer.GetProperty("calls").GetProperty(what).GetInt32();
}
