using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using Aurion.Web.Tests.Infrastructure;

namespace Aurion.Web.Tests.Tools;

/// <summary>kill -9 of the process in the middle of a step: another takes it up again, and nothing is paid twice.</summary>
public sealed class KilledCallTests(ToolApp app) : IClassFixture<ToolApp>
{
    private const string Step = "You are an agent.";

    [Fact]
    public async Task A_step_whose_process_died_is_taken_up_again_after_its_lease_and_its_call_is_counted_once()
    {
        var session = await app.LaunchAsync(tool: "ai-agents");
        await CallAsync(session, app.NewRun(), "Write the first step");
        var dead = app.NewRun();
        await KillInTheMiddleAsync(session, dead, agreed: null);

        // Whoever asks before the lease is over is told that it runs, and asks nobody else.
        var asked = app.OpenRouter.Calls;
        var (_, early) = await CallAsync(session, dead, "Write the second step");
        Assert.Equal(("running", asked), (early.GetProperty("state").GetString(), app.OpenRouter.Calls));

        app.Clock.Advance(TimeSpan.FromSeconds(21));
        var answers = await Task.WhenAll(CallAsync(session, dead, "Write the second step"), CallAsync(session, dead, "Write the second step"));
        Assert.All(answers, answer => Assert.Equal(("failed", "interrupted"), (answer.Body.GetProperty("state").GetString(), answer.Body.GetProperty("reason").GetString())));

        var (_, again) = await CallAsync(session, app.NewRun(), "Write the second step");
        Assert.Equal(("done", 18), (again.GetProperty("state").GetString(), again.GetProperty("calls").GetProperty("left").GetInt32()));
        Assert.Equal((70, ""), (await app.SpendableAsync(session.User), await app.FaultsAsync()));
    }

    [Fact]
    public async Task A_further_call_whose_process_died_gives_back_what_was_held_for_it()
    {
        var session = await app.LaunchAsync(tool: "ai-agents");
        await app.ExecuteAsync("UPDATE tools SET included_calls = 1 WHERE tool_id = 'ai-agents'");
        try
        {
            await CallAsync(session, app.NewRun(), "Write the first step");
            var dead = app.NewRun();
            await KillInTheMiddleAsync(session, dead, agreed: 2);
            Assert.Equal(2, await app.HeldAsync(session.User));

            app.Clock.Advance(TimeSpan.FromSeconds(21));
            await CallAsync(session, dead, "Write the second step", agreed: 2);
            Assert.Equal((70, 0), (await app.SpendableAsync(session.User), await app.HeldAsync(session.User)));

            var (_, again) = await CallAsync(session, app.NewRun(), "Write the second step", agreed: 2);
            Assert.Equal(2, again.GetProperty("credits").GetInt32());
            Assert.Equal((68, 0, ""), (await app.SpendableAsync(session.User), await app.HeldAsync(session.User), await app.FaultsAsync()));
        }
        finally
        {
            await app.ExecuteAsync("UPDATE tools SET included_calls = 20 WHERE tool_id = 'ai-agents'");
        }
    }

    private async Task KillInTheMiddleAsync(ToolSession session, Guid id, int? agreed)
    {
        var address = KillableWeb.FreeAddress();
        using var web = await KillableWeb.StartAsync(app, address, ("OPENROUTER_API_KEY", ToolApp.Key), ("OPENROUTER_API_BASE", app.OpenRouter.Address));
        using var http = new HttpClient { BaseAddress = address, DefaultRequestHeaders = { Authorization = new("Bearer", session.Token) } };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/tools/actions") { Content = JsonContent.Create(Body(id, "Write the second step fail:silence", agreed)) };
        using var left = new CancellationTokenSource();
        var asked = app.OpenRouter.Calls;
        var answer = http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, left.Token);
        await Eventually.HoldsAsync(() => Task.FromResult(app.OpenRouter.Calls > asked), "the provider is asked");
        web.Kill();
        await web.WaitForExitAsync();
        await left.CancelAsync();
        await Assert.ThrowsAnyAsync<Exception>(() => answer);
        // Its clock was the machine's.
        await app.ExecuteAsync("UPDATE tool_runs SET expires_at = @until WHERE id = @id", new { id, until = app.Clock.GetUtcNow() + TimeSpan.FromSeconds(20) });
    }

    private static async Task<(int Status, JsonElement Body)> CallAsync(ToolSession session, Guid id, string step, int? agreed = null) => await session.ActAsync(Body(id, step, agreed));

    private static object Body(Guid id, string step, int? agreed) => new
    {
        toolId = "ai-agents",
        action = "model",
        runId = id,
        purpose = "step",
        agreedCredits = agreed,
        messages = new[] { new { role = "system", content = Step }, new { role = "user", content = $"Goal: A report.\n\nCurrent step: 1. {step}" } },
        tools = new[] { new { name = "finish_step", description = "Ends the step.", parameters = new { type = "object" } } },
    };
}
