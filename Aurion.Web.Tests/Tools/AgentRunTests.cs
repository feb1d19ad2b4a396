using System.Net.Http.Json;
using System.Text.Json;
using Aurion.Web.Tests.Infrastructure;
using Aurion.Web.Tools.Agents;

namespace Aurion.Web.Tests.Tools;

/// <summary>An agent at work while nobody looks: what its person agreed to is done once, paid once, and waits where it must be asked.</summary>
public sealed class AgentRunTests(ToolApp app) : IClassFixture<ToolApp>
{
    private const string Offers = "Compare offers over ten years. Alder: 4200 once and 180 a year; Birch: 3650 once and 265 a year.";
    private static readonly string[] Plan = ["Calculate what each offer costs", "Compare the totals", "Write the conclusion"];

    [Fact]
    public async Task A_plan_is_made_waits_until_it_is_agreed_and_is_then_carried_out_to_a_document()
    {
        var agent = await GivenAsync(Offers, []);

        await agent.StartAsync();
        Assert.Equal("running", await agent.StateAsync());
        await app.RunAgentsJobAsync();

        Assert.Equal("planned", await agent.StateAsync());
        Assert.Equal(3, (await agent.StepsAsync()).Count);
        var asked = app.OpenRouter.Calls;
        await app.RunAgentsJobAsync();
        Assert.Equal(asked, app.OpenRouter.Calls);

        await agent.StartAsync();
        await app.RunAgentsJobAsync();

        Assert.Equal("done", await agent.StateAsync());
        Assert.All(await agent.StepsAsync(), step => Assert.True(step.GetProperty("isDone").GetBoolean()));
        var document = await agent.Session.LoadAsync(agent.Work);
        Assert.StartsWith("# A report\n\n## The figures\n", document, StringComparison.Ordinal);
        Assert.Contains("| Alder | 4200 + 10 × 180 | 6000 |", document, StringComparison.Ordinal);
        // The plan, two steps of two calls, and the conclusion: all within the launch.
        Assert.Equal((14, 70), (await agent.CallsLeftAsync(), await app.SpendableAsync(agent.Session.User)));
        var (_, list) = await agent.Session.ActAsync(new { action = "versions", workId = agent.Work });
        var last = list.GetProperty("versions")[0];
        Assert.Equal(("Finished", true), (last.GetProperty("note").GetString(), last.GetProperty("kept").GetBoolean()));
    }

    [Fact]
    public async Task Begun_and_carried_out_at_the_same_time_nothing_is_done_twice()
    {
        var agent = await GivenAsync(Offers, Plan);
        var asked = app.OpenRouter.Calls;

        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => agent.StartAsync()));
        Assert.All(answers, answer => Assert.Equal((200, "running"), (answer.Status, answer.Body.GetProperty("state").GetString())));
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => app.RunAgentsJobAsync()));

        Assert.Equal("done", await agent.StateAsync());
        // One call of its session was made before.
        Assert.Equal((asked + 5, 14), (app.OpenRouter.Calls, await agent.CallsLeftAsync()));
    }

    [Fact]
    public async Task While_it_is_at_work_nobody_else_writes_and_whoever_saw_an_older_text_cannot_begin()
    {
        var agent = await GivenAsync(Offers, ["Compare fail:silence"]);
        Assert.Equal((409, "WORK_CHANGED"), Code(await agent.StartAsync(revision: 0)));
        await agent.StartAsync();
        var job = await BeginAsync(agent);

        foreach (var force in new[] { false, true })
            Assert.Equal((409, "WORK_RUNNING"), Code(await agent.Session.SaveAsync(agent.Work, await agent.RevisionAsync(), "mine", force: force, path: "document.md")));
        await agent.Session.ActAsync(new { action = "agent-stop", workId = agent.Work });
        Assert.Equal(200, (await agent.Session.SaveAsync(agent.Work, await agent.RevisionAsync(), "mine", path: "document.md")).Status);

        await job;
        Assert.Equal(("stopped", "mine"), (await agent.StateAsync(), await agent.Session.LoadAsync(agent.Work)));
        // Nothing of the call that was stopped had come.
        Assert.Equal((19, 70), (await agent.CallsLeftAsync(), await app.SpendableAsync(agent.Session.User)));
        Assert.Equal("failed stopped", await app.ScalarAsync<string>("SELECT state || ' ' || reason FROM tool_runs WHERE user_id = @Id ORDER BY created_at DESC LIMIT 1", new { agent.Session.User.Id }));
    }

    [Fact]
    public async Task Paused_in_the_middle_of_a_call_it_uses_the_answer_when_it_goes_on()
    {
        var agent = await GivenAsync(Offers, ["Write it down fail:slow"]);
        await agent.StartAsync();
        var asked = app.OpenRouter.Calls;
        var job = await BeginAsync(agent);

        var (_, paused) = await agent.Session.ActAsync(new { action = "agent-pause", workId = agent.Work });
        Assert.Equal("paused", paused.GetProperty("state").GetString());
        await job;
        Assert.False((await agent.StepsAsync())[0].TryGetProperty("outcome", out _));
        await Eventually.HoldsAsync(() => app.ScalarAsync<bool>("SELECT NOT EXISTS (SELECT FROM tool_runs WHERE user_id = @Id AND state = 'running')", new { agent.Session.User.Id }), "the call is answered");

        await agent.StartAsync();
        await app.RunAgentsJobAsync();
        Assert.Equal(("done", asked + 1, 18), (await agent.StateAsync(), app.OpenRouter.Calls, await agent.CallsLeftAsync()));
    }

    [Theory]
    [InlineData("fail:loop", "loop", "calculate", 3)]
    [InlineData("fail:wander", "no_progress", "6", 6)]
    public async Task One_that_goes_in_circles_waits_and_says_so(string trouble, string reason, string detail, int calls)
    {
        var agent = await GivenAsync(Offers, [$"Compare {trouble}"]);
        await agent.StartAsync();
        await app.RunAgentsJobAsync();

        var (_, run) = await agent.AskAsync();
        Assert.Equal(("stuck", reason, detail), (run.GetProperty("state").GetString(), run.GetProperty("reason").GetString(), run.GetProperty("detail").GetString()));
        Assert.Equal(19 - calls, await agent.CallsLeftAsync());
    }

    [Fact]
    public async Task When_the_launch_is_used_up_it_asks_and_takes_no_more_than_was_agreed()
    {
        var agent = await GivenAsync(Offers, Plan);
        await app.ExecuteAsync("UPDATE tools SET included_calls = 3 WHERE tool_id = 'ai-agents'");
        try
        {
            await agent.StartAsync();
            await app.RunAgentsJobAsync();
            Assert.Equal(("asking", 70), (await agent.StateAsync(), await app.SpendableAsync(agent.Session.User)));

            // Two presses of one button are one agreement.
            await Task.WhenAll(agent.StartAsync(agreedCalls: 1, agreedCredits: 2), agent.StartAsync(agreedCalls: 1, agreedCredits: 2));
            await app.RunAgentsJobAsync();
            Assert.Equal(("asking", 68), (await agent.StateAsync(), await app.SpendableAsync(agent.Session.User)));

            // A price that rose meanwhile is asked for again.
            await agent.StartAsync(agreedCalls: 5, agreedCredits: 1);
            await app.RunAgentsJobAsync();
            Assert.Equal(("asking", 68), (await agent.StateAsync(), await app.SpendableAsync(agent.Session.User)));

            await agent.StartAsync(agreedCalls: 5, agreedCredits: 2);
            await app.RunAgentsJobAsync();
            // Five calls, and one before them: three were included.
            Assert.Equal(("done", 64), (await agent.StateAsync(), await app.SpendableAsync(agent.Session.User)));
            Assert.Equal((0, ""), (await app.HeldAsync(agent.Session.User), await app.FaultsAsync()));
        }
        finally
        {
            await app.ExecuteAsync("UPDATE tools SET included_calls = 20 WHERE tool_id = 'ai-agents'");
        }
    }

    [Fact]
    public async Task Killed_in_the_middle_of_a_step_it_is_taken_up_by_another_within_a_minute_and_no_call_counts_twice()
    {
        var agent = await GivenAsync(Offers, ["Calculate what each offer costs", "Write it down fail:silence"]);
        var address = KillableWeb.FreeAddress();
        using (var web = await KillableWeb.StartAsync(app, address, ("OPENROUTER_API_KEY", ToolApp.Key), ("OPENROUTER_API_BASE", app.OpenRouter.Address)))
        {
            using var http = new HttpClient { BaseAddress = address, DefaultRequestHeaders = { Authorization = new("Bearer", agent.Session.Token) } };
            var asked = app.OpenRouter.Calls;
            var begun = await http.PostAsJsonAsync("/api/tools/actions", new { toolId = "ai-agents", action = "agent-start", workId = agent.Work, baseRevision = await agent.RevisionAsync() });
            begun.EnsureSuccessStatusCode();
            await Eventually.HoldsAsync(() => Task.FromResult(app.OpenRouter.Calls >= asked + 3), "the second step is asked for");
            web.Kill();
            await web.WaitForExitAsync();
        }
        Assert.Equal("running", await agent.StateAsync());
        var steps = await agent.StepsAsync();
        Assert.Equal([true, false], steps.Select(step => step.GetProperty("isDone").GetBoolean()));

        // Its clock was the machine's. Killed just after it had said that it lives, which it says for longer than this test waits.
        var killedAt = app.Clock.GetUtcNow();
        await app.ExecuteAsync("UPDATE agent_runs SET lease_until = @until WHERE user_id = @Id; UPDATE tool_runs SET expires_at = @until WHERE user_id = @Id AND state = 'running'",
            new { agent.Session.User.Id, until = killedAt + CarryOutAgentsJob.Lease });
        var fence = await FenceAsync();
        // One run of the job, as of a process that starts: the schedule brings no other within the minute.
        var job = app.RunAgentsJobAsync();
        await Task.WhenAny(job, Task.Delay(TimeSpan.FromSeconds(3)));
        Assert.Equal((false, fence), (job.IsCompleted, await FenceAsync()));

        app.Clock.Advance(CarryOutAgentsJob.Lease);
        await Eventually.HoldsAsync(async () => await FenceAsync() > fence, "another takes it up");
        Assert.InRange(await app.ScalarAsync<DateTimeOffset>("SELECT lease_until FROM agent_runs WHERE user_id = @Id", new { agent.Session.User.Id }) - CarryOutAgentsJob.Lease, killedAt, killedAt + TimeSpan.FromSeconds(60));
        await job;
        // The silence ends as a call that was not answered, once and once more.
        Assert.Equal("paused no_answer", await app.ScalarAsync<string>("SELECT state || ' ' || reason FROM agent_runs WHERE user_id = @Id", new { agent.Session.User.Id }));
        Assert.Equal((17, 70, ""), (await agent.CallsLeftAsync(), await app.SpendableAsync(agent.Session.User), await app.FaultsAsync()));

        Task<long> FenceAsync() => app.ScalarAsync<long>("SELECT fence FROM agent_runs WHERE user_id = @Id", new { agent.Session.User.Id });
    }

    [Fact]
    public async Task A_call_whose_process_died_before_its_answer_was_used_is_followed_and_paid_once()
    {
        var agent = await GivenAsync(Offers, ["Write it down"]);
        await app.ExecuteAsync("UPDATE tools SET included_calls = 1 WHERE tool_id = 'ai-agents'");
        try
        {
            await agent.StartAsync(agreedCalls: 1, agreedCredits: 2);
            // The answer is paid for, and what it says was not written down: the database takes no save at that moment.
            await app.ExecuteAsync("ALTER FUNCTION save_agent_work RENAME TO save_agent_work_later");
            var job = app.RunAgentsJobAsync();
            await FailedAsync(agent, 1);
            Assert.Equal(("running", 68), (await agent.StateAsync(), await app.SpendableAsync(agent.Session.User)));
            await app.ExecuteAsync("ALTER FUNCTION save_agent_work_later RENAME TO save_agent_work");
            var asked = app.OpenRouter.Calls;

            app.Clock.Advance(CarryOutAgentsJob.Lease);
            await job;

            Assert.Equal(("done", 68, asked), (await agent.StateAsync(), await app.SpendableAsync(agent.Session.User), app.OpenRouter.Calls));
            var (_, run) = await agent.AskAsync();
            Assert.Equal(0, run.GetProperty("extraCalls").GetInt32());
        }
        finally
        {
            await app.ExecuteAsync("UPDATE tools SET included_calls = 20 WHERE tool_id = 'ai-agents'");
        }
    }

    [Fact]
    public async Task What_fails_each_time_is_given_up_after_five_attempts()
    {
        var agent = await GivenAsync(Offers, ["Write it down"]);
        await agent.StartAsync();
        await app.ExecuteAsync("ALTER FUNCTION save_agent_work RENAME TO save_agent_work_later");
        try
        {
            var job = app.RunAgentsJobAsync();
            for (var times = 1; times <= 5; times++)
            {
                await FailedAsync(agent, times);
                app.Clock.Advance(CarryOutAgentsJob.Lease);
            }
            await job;
        }
        finally
        {
            await app.ExecuteAsync("ALTER FUNCTION save_agent_work_later RENAME TO save_agent_work");
        }

        Assert.Equal("paused fault", await app.ScalarAsync<string>("SELECT state || ' ' || reason FROM agent_runs WHERE user_id = @Id", new { agent.Session.User.Id }));
        await agent.StartAsync();
        await app.RunAgentsJobAsync();
        Assert.Equal(("done", 18), (await agent.StateAsync(), await agent.CallsLeftAsync()));
    }

    [Fact]
    public async Task After_sign_out_it_goes_on_and_its_work_is_there_for_the_next_launch()
    {
        var agent = await GivenAsync(Offers, Plan);
        await agent.StartAsync();
        await app.ExecuteAsync("UPDATE account_sessions SET revoked_at = now() WHERE user_id = @Id", new { agent.Session.User.Id });
        Assert.Equal(401, (await agent.AskAsync()).Status);

        await app.RunAgentsJobAsync();

        Assert.Equal("done", await app.ScalarAsync<string>("SELECT state FROM agent_runs WHERE user_id = @Id", new { agent.Session.User.Id }));
        Assert.Contains("6000", await app.ScalarAsync<string>("SELECT content::text FROM work_versions WHERE user_id = @Id ORDER BY version DESC LIMIT 1", new { agent.Session.User.Id }), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_session_that_is_over_has_it_wait_for_the_calls_of_another()
    {
        var agent = await GivenAsync(Offers, ["Write it down"]);
        await agent.StartAsync();
        await app.ExecuteAsync("UPDATE tool_sessions SET expires_at = created_at WHERE id = @Id", new { agent.Session.Id });
        await app.RunAgentsJobAsync();
        Assert.Equal("paused expired", await app.ScalarAsync<string>("SELECT state || ' ' || reason FROM agent_runs WHERE user_id = @Id", new { agent.Session.User.Id }));

        var later = agent with { Session = await app.LaunchAsync(agent.Session.User, "ai-agents") };
        await later.StartAsync();
        await app.RunAgentsJobAsync();
        Assert.Equal(("done", 19), (await later.StateAsync(), await later.CallsLeftAsync()));
    }

    [Fact]
    public async Task A_launch_whose_first_call_is_not_answered_is_given_back_and_the_page_is_told()
    {
        var session = await app.LaunchAsync(tool: "ai-agents");
        var agent = new Agent(session, app.NewRun());
        await agent.SaveAsync("A report fail:500", []);
        await agent.StartAsync();
        await app.RunAgentsJobAsync();

        Assert.Equal((401, "SESSION_REFUNDED"), Code(await agent.AskAsync()));
        Assert.Equal(100, await app.SpendableAsync(session.User));
    }

    [Fact]
    public async Task Deleting_the_work_or_closing_the_account_ends_it()
    {
        var (deleted, closed) = (await GivenAsync(Offers, ["Compare fail:slow"]), await GivenAsync(Offers, ["Compare fail:slow"]));
        await deleted.StartAsync();
        await closed.StartAsync();
        var asked = app.OpenRouter.Calls;
        var job = app.RunAgentsJobAsync();
        await Eventually.HoldsAsync(() => app.OpenRouter.Calls >= asked + 2, "both are asked for");

        await app.ExecuteAsync("DELETE FROM works WHERE user_id = @Id", new { deleted.Session.User.Id });
        await app.ExecuteAsync("SELECT close_account(@Id, @now)", new { closed.Session.User.Id, now = app.Clock.GetUtcNow() });
        await job;

        Assert.Equal(0, await app.ScalarAsync<int>("SELECT count(*)::int FROM agent_runs WHERE user_id IN (@a, @b)", new { a = deleted.Session.User.Id, b = closed.Session.User.Id }));
        Assert.Equal(0, await app.ScalarAsync<int>("SELECT count(*)::int FROM works WHERE user_id IN (@a, @b)", new { a = deleted.Session.User.Id, b = closed.Session.User.Id }));
        Assert.Equal("", await app.FaultsAsync());
    }

    [Fact]
    public async Task Nobody_begins_sees_or_stops_the_agent_of_somebody_else()
    {
        var agent = await GivenAsync(Offers, ["Compare"]);
        await agent.StartAsync();
        var stranger = agent with { Session = await app.LaunchAsync(tool: "ai-agents") };

        Assert.Equal(404, (await stranger.AskAsync()).Status);
        Assert.Equal(404, (await stranger.StartAsync(revision: 1)).Status);
        foreach (var action in new[] { "agent-pause", "agent-stop" })
            Assert.Equal(404, (await stranger.Session.ActAsync(new { action, workId = agent.Work })).Status);
        Assert.Equal("running", await agent.StateAsync());
        var editor = await app.LaunchAsync(agent.Session.User);
        Assert.Equal((400, "ACTION_UNKNOWN"), Code(await editor.ActAsync(new { action = "agent", workId = agent.Work })));
        Assert.Equal((400, "CALL_INVALID"), Code(await agent.StartAsync(agreedCalls: 21)));
        Assert.Equal((400, "CALL_INVALID"), Code(await agent.StartAsync(agreedCalls: -1)));
        await agent.Session.ActAsync(new { action = "agent-stop", workId = agent.Work });
    }

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("""{"goal":"","steps":[]}""")]
    [InlineData("""{"goal":"a"}""")]
    [InlineData("""{"goal":"a","steps":[null]}""")]
    [InlineData("""{"goal":"a","steps":[{"text":null}]}""")]
    [InlineData("""{"goal":"a","steps":[{"text":7}]}""")]
    [InlineData("""{"goal":"a","steps":"many"}""")]
    [InlineData("""{"goal":"a","steps":[{"text":"b"}],"at":{"step":0,"text":"b","said":[{"role":"system","content":"x"}],"seen":[]}}""")]
    [InlineData("""{"goal":"a","steps":[{"text":"b"}],"at":{"step":0,"text":"b","said":null,"seen":[]}}""")]
    [InlineData("""{"goal":"a","steps":[{"text":"b"}],"at":{"step":0,"text":"b","said":[],"seen":[],"pictures":[{"id":"0198a000-0000-7000-8000-000000000000","prompt":"c"}]}}""")]
    [InlineData("""{"goal":"a","steps":[{"text":"b"}],"at":{"step":0,"text":"b","said":[],"seen":[],"drawn":[null]}}""")]
    public async Task What_is_no_plan_is_not_begun(string state)
    {
        var session = await app.LaunchAsync(tool: "ai-agents");
        var agent = new Agent(session, app.NewRun());
        var (status, _) = await session.ActAsync(new
        {
            action = "save",
            work = new { id = agent.Work, title = "A report", baseRevision = 0, files = new[] { new { path = "document.md", text = "" } }, state = JsonSerializer.Deserialize<JsonElement>(state) },
        });
        Assert.Equal(200, status);

        Assert.Equal((422, "AGENT_INVALID"), Code(await agent.StartAsync(revision: 1)));
    }

    /// <summary>With one call of its session answered, so that the launch is kept whatever happens next.</summary>
    private async Task<Agent> GivenAsync(string goal, string[] steps)
    {
        var agent = new Agent(await app.LaunchAsync(tool: "ai-agents"), app.NewRun());
        if (steps.Length > 0)
            await agent.Session.ActAsync(new { action = "model", runId = app.NewRun(), purpose = "plan", messages = new[] { new { role = "user", content = "Hello" } } });
        await agent.SaveAsync(goal, steps);
        return agent;
    }

    /// <summary>The job, once it has asked the model.</summary>
    private async Task<Task> BeginAsync(Agent agent)
    {
        var asked = app.OpenRouter.Calls;
        var job = app.RunAgentsJobAsync();
        await Eventually.HoldsAsync(() => app.OpenRouter.Calls > asked || job.IsCompleted, $"the agent of {agent.Work} asks the model");
        return job;
    }

    private Task FailedAsync(Agent agent, int times) => Eventually.HoldsAsync(
        () => app.ScalarAsync<bool>("SELECT EXISTS (SELECT FROM job_failures WHERE job = 'CarryOutAgentsJob' AND subject LIKE '%' || @Work || '%' AND times >= @times)", new { Work = agent.Work.ToString(), times }),
        $"its attempt {times} has failed");

    private static (int, string?) Code((int Status, JsonElement Body) answer) => (answer.Status, answer.Body.GetProperty("code").GetString());
}
