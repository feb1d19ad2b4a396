using System.Net.Http.Json;
using System.Net.ServerSentEvents;
using System.Text.Json;
using Aurion.Web.Tests.Infrastructure;

namespace Aurion.Web.Tests.Tools;

/// <summary>A call that its person stops: what has come is kept and counts, and what has not is not paid.</summary>
public sealed class StoppedCallTests(ToolApp app) : IClassFixture<ToolApp>
{
    private static readonly string Long = $"Due to the fact that it rained, {string.Join(' ', Enumerable.Range(1, 200))} fail:slow";

    [Fact]
    public async Task Before_anything_has_come_it_counts_as_none_and_the_session_goes_on()
    {
        var session = await app.LaunchAsync();
        var (id, asked) = (app.NewRun(), app.OpenRouter.Calls);
        var call = session.CallAsync("fail:silence", id);
        await Eventually.HoldsAsync(() => app.OpenRouter.Calls > asked, "the provider is asked");

        var stops = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => session.ActAsync(new { action = "stop", runId = id })));

        foreach (var (status, answer) in stops.Append(await call))
            Assert.Equal((200, "failed", "stopped", 0, 0), (status, answer.GetProperty("state").GetString(), answer.GetProperty("reason").GetString(), answer.GetProperty("credits").GetInt32(), answer.GetProperty("refunded").GetInt32()));
        // It was the first call of its session: stopping it is no failure that ends the session.
        var (_, next) = await session.CallAsync("Due to the fact that it rained, we stayed.");
        Assert.Equal((19, 95), (next.GetProperty("calls").GetProperty("left").GetInt32(), await app.SpendableAsync(session.User)));
    }

    [Fact]
    public async Task What_has_come_is_its_answer_and_counts_as_one_call()
    {
        var session = await app.LaunchAsync();
        var id = app.NewRun();
        var (first, rest) = await ReadFirstAsync(session, id);

        var (_, stopped) = await session.ActAsync(new { action = "stop", runId = id });
        var end = await rest();

        Assert.Equal(("done", "stopped"), (stopped.GetProperty("state").GetString(), stopped.GetProperty("reason").GetString()));
        var text = stopped.GetProperty("text").GetString()!;
        Assert.StartsWith(first, text, StringComparison.Ordinal);
        Assert.DoesNotContain("200", text, StringComparison.Ordinal);
        Assert.Equal((text, "stopped", 19), (end.GetProperty("text").GetString(), end.GetProperty("reason").GetString(), end.GetProperty("calls").GetProperty("left").GetInt32()));

        // Stopping what has ended changes nothing.
        var (_, again) = await session.ActAsync(new { action = "stop", runId = id });
        Assert.Equal((text, 19), (again.GetProperty("text").GetString(), again.GetProperty("calls").GetProperty("left").GetInt32()));
    }

    [Fact]
    public async Task A_further_call_costs_its_price_when_something_had_come_and_nothing_otherwise()
    {
        var session = await app.LaunchAsync();
        await app.ExecuteAsync("UPDATE tools SET included_calls = 1 WHERE tool_id = 'text-editor'");
        try
        {
            await session.CallAsync("Due to the fact that it rained, we stayed.");
            var (silent, asked) = (app.NewRun(), app.OpenRouter.Calls);
            var call = session.CallAsync("fail:silence", silent, agreed: 1);
            await Eventually.HoldsAsync(() => app.OpenRouter.Calls > asked, "the provider is asked");
            Assert.Equal(1, await app.HeldAsync(session.User));
            await session.ActAsync(new { action = "stop", runId = silent });
            Assert.Equal(0, (await call).Body.GetProperty("credits").GetInt32());
            Assert.Equal((95, 0), (await app.SpendableAsync(session.User), await app.HeldAsync(session.User)));

            var id = app.NewRun();
            var (_, rest) = await ReadFirstAsync(session, id, agreed: 1);
            await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => session.ActAsync(new { action = "stop", runId = id })));
            Assert.Equal(1, (await rest()).GetProperty("credits").GetInt32());
            Assert.Equal((94, 0, ""), (await app.SpendableAsync(session.User), await app.HeldAsync(session.User), await app.FaultsAsync()));
        }
        finally
        {
            await app.ExecuteAsync("UPDATE tools SET included_calls = 20 WHERE tool_id = 'text-editor'");
        }
    }

    [Fact]
    public async Task Only_its_own_session_stops_it()
    {
        var (session, other, stranger) = (await app.LaunchAsync(), await app.LaunchAsync(tool: "code-editor"), await app.LaunchAsync());
        var id = app.NewRun();
        var (_, rest) = await ReadFirstAsync(session, id);

        foreach (var somebody in new[] { other, stranger })
            Assert.Equal(404, (await somebody.ActAsync(new { action = "stop", runId = id })).Status);
        Assert.Equal(404, (await session.ActAsync(new { action = "stop", runId = app.NewRun() })).Status);
        Assert.Equal(404, (await session.ActAsync(new { action = "stop" })).Status);
        Assert.Equal("running", await app.ScalarAsync<string>("SELECT state FROM tool_runs WHERE id = @id", new { id }));
        await session.ActAsync(new { action = "stop", runId = id });
        await rest();
    }

    [Fact]
    public async Task One_that_another_process_makes_is_stopped_by_that_one()
    {
        var session = await app.LaunchAsync();
        var (id, address) = (app.NewRun(), KillableWeb.FreeAddress());
        using var web = await KillableWeb.StartAsync(app, address, ("OPENROUTER_API_KEY", ToolApp.Key), ("OPENROUTER_API_BASE", app.OpenRouter.Address));
        try
        {
            using var there = new HttpClient { BaseAddress = address };
            var (first, rest) = await ReadFirstAsync(session, id, at: there);
            var (_, answer) = await session.ActAsync(new { action = "stop", runId = id });
            Assert.Equal("running", answer.GetProperty("state").GetString());

            var end = await rest();
            Assert.Equal(("done", "stopped"), (end.GetProperty("state").GetString(), end.GetProperty("reason").GetString()));
            Assert.StartsWith(first, end.GetProperty("text").GetString(), StringComparison.Ordinal);
        }
        finally
        {
            web.Kill();
            await web.WaitForExitAsync();
        }
    }

    /// <summary>Begins a call, and reads the first words of its answer; then the rest, to its end.</summary>
    private async Task<(string First, Func<Task<JsonElement>> ToEnd)> ReadFirstAsync(ToolSession session, Guid id, int? agreed = null, HttpClient? at = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("/api/tools/actions", UriKind.Relative))
        {
            Headers = { Authorization = new("Bearer", session.Token) },
            Content = JsonContent.Create(new
            {
                toolId = session.Tool,
                action = "model",
                stream = true,
                runId = id,
                purpose = "shorten",
                agreedCredits = agreed,
                messages = new[] { new { role = "system", content = ToolApp.Editor }, new { role = "user", content = Long } },
            }),
        };
        var response = await (at ?? app.Anonymous().Http).SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        response.EnsureSuccessStatusCode();
        var events = SseParser.Create(await response.Content.ReadAsStreamAsync()).EnumerateAsync().GetAsyncEnumerator();
        while (await events.MoveNextAsync() && events.Current.EventType != "delta")
        {
        }
        return (JsonSerializer.Deserialize<JsonElement>(events.Current.Data).GetProperty("text").GetString()!, ReadToEndAsync);

        async Task<JsonElement> ReadToEndAsync()
        {
            while (await events.MoveNextAsync())
                if (events.Current.EventType == "end")
                    return JsonSerializer.Deserialize<JsonElement>(events.Current.Data);
            throw new InvalidOperationException("The stream has no end.");
        }
    }
}
