using System.Net;
using Aurion.Data.Tools;
using Aurion.Web.Tests.Infrastructure;
using Aurion.Web.Tools;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Aurion.Web.Tests.Tools;

/// <summary>Promises about simultaneity, kept by real simultaneity on a real PostgreSQL.</summary>
public sealed class SimultaneousLaunchTests(AurionApp app) : IClassFixture<AurionApp>
{
    [Fact]
    public async Task Two_launches_with_credits_for_one_give_one_tool_and_one_refusal()
    {
        var user = await app.GivenUserAsync(credits: 50);

        var answers = await Task.WhenAll(new[] { "app-builder", "website-builder" }.Select(toolId =>
            app.WithToken(user).PostJsonAsync("/api/validate-tool-access", new { toolId })));

        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.Forbidden], answers.Select(a => a.StatusCode).Order());
        Assert.Equal(0, await LeftAsync(user));
        await BooksHoldAsync();
    }

    [Theory]
    [InlineData(64)]
    [InlineData(256)]
    public async Task Clients_at_one_balance_spend_exactly_what_is_there(int clients)
    {
        var user = await app.GivenUserAsync(credits: 1_000);
        var launcher = app.Services.GetRequiredService<ToolLauncher>();

        var results = await Task.WhenAll(Enumerable.Range(0, clients).Select(i => Task.Run(() =>
            launcher.LaunchAsync(user.Id, null, "app-builder", $"client-{i}", newSession: true, CancellationToken.None))));

        Assert.Equal(20, results.OfType<LaunchResult.Launched>().Count());
        Assert.Equal(clients - 20, results.OfType<LaunchResult.CreditsExhausted>().Count());
        Assert.Equal(0, await LeftAsync(user));
        Assert.Equal(1_000, await app.ScalarAsync<long>("SELECT sum(credits_consumed) FROM tool_sessions WHERE user_id = @Id", user));
        await BooksHoldAsync();
    }

    [Fact]
    public async Task Several_servers_at_one_balance_with_mixed_costs_never_spend_more_than_is_there()
    {
        var user = await app.GivenUserAsync(credits: 777);
        var tools = new[] { "app-builder", "ai-agents", "content-generator", "code-editor", "text-editor" };
        var servers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => StartLaneAsync()));

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 160).Select(i => Task.Run(() =>
            AskAsync(servers[i % servers.Length], user, tools[i % tools.Length], $"server-{i}"))));

        var spent = outcomes.Where(o => o.Outcome == "LAUNCHED").Sum(o => o.CreditsConsumed);
        Assert.All(outcomes, o => Assert.Contains(o.Outcome, new[] { "LAUNCHED", "INSUFFICIENT_CREDITS" }));
        Assert.Equal(777 - spent, await LeftAsync(user));
        Assert.InRange(await LeftAsync(user), 0, 4);
        await BooksHoldAsync();
        await Task.WhenAll(servers.Select(server => server.StopAsync(CancellationToken.None)));
    }

    [Fact]
    public async Task An_account_that_somebody_holds_waits_alone_and_not_for_ever()
    {
        var (held, others) = (await app.GivenUserAsync(), new[] { await app.GivenUserAsync(), await app.GivenUserAsync() });
        await using var somebody = new NpgsqlConnection(app.OwnerConnectionString);
        await somebody.OpenAsync();
        await using var hold = await somebody.BeginTransactionAsync();
        await somebody.ExecuteAsync("UPDATE user_credits SET last_reset_date = last_reset_date WHERE user_id = @Id", held);
        var call = new { toolId = "text-editor" };

        // Its patience ends by the clock alone: whoever is answered before that did not wait for it.
        app.Clock.StopAt(app.Clock.GetUtcNow());
        var waiting = app.WithToken(held).PostJsonAsync("/api/validate-tool-access", call);
        await Task.Delay(200);
        foreach (var other in others)
            Assert.Equal(HttpStatusCode.OK, (await app.WithToken(other).PostJsonAsync("/api/validate-tool-access", call)).StatusCode);
        Assert.False(waiting.IsCompleted, "The account is held, and yet it was answered.");

        app.Clock.Advance(TimeSpan.FromSeconds(3));
        var busy = await waiting;
        Assert.Equal((HttpStatusCode.ServiceUnavailable, TimeSpan.FromSeconds(1)), (busy.StatusCode, busy.Headers.RetryAfter?.Delta));
        await hold.RollbackAsync();
        Assert.Equal(100, await LeftAsync(held));
        Assert.Equal(HttpStatusCode.OK, (await app.WithToken(held).PostJsonAsync("/api/validate-tool-access", call)).StatusCode);
    }

    [Fact]
    public async Task Forty_retries_of_one_operation_are_one_launch()
    {
        var user = await app.GivenUserAsync();
        var launcher = app.Services.GetRequiredService<ToolLauncher>();

        var results = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => Task.Run(() =>
            launcher.LaunchAsync(user.Id, null, "app-builder", "one", newSession: true, CancellationToken.None))));

        Assert.Single(results.Cast<LaunchResult.Launched>().Select(r => r.SessionId).Distinct());
        Assert.Equal(50, await LeftAsync(user));
        await BooksHoldAsync();
    }

    [Fact]
    public async Task Launches_of_many_accounts_in_one_group_do_not_touch_one_another()
    {
        var users = new List<TestUser>();
        for (var i = 0; i < 30; i++)
            users.Add(await app.GivenUserAsync(credits: i % 2 == 0 ? 50 : 49));
        var launcher = app.Services.GetRequiredService<ToolLauncher>();

        var results = await Task.WhenAll(users.Select(user => Task.Run(() =>
            launcher.LaunchAsync(user.Id, null, "app-builder", null, newSession: false, CancellationToken.None))));

        for (var i = 0; i < users.Count; i++)
            Assert.Equal(i % 2 == 0, results[i] is LaunchResult.Launched);
        await BooksHoldAsync();
    }

    [Fact]
    public async Task Refills_and_launches_at_once_keep_the_books()
    {
        var user = await app.GivenUserAsync();
        await app.ExecuteAsync("UPDATE user_plans SET current_period_end = current_period_start + interval '1 day' WHERE user_id = @Id", user);
        var launcher = app.Services.GetRequiredService<ToolLauncher>();
        var later = app.Clock.GetUtcNow().AddDays(40);

        var refills = Enumerable.Range(0, 8).Select(_ => Task.Run(() => app.ScalarAsync<int>("SELECT reset_monthly_credits(@later)", new { later })));
        var launches = Enumerable.Range(0, 40).Select(i => Task.Run(() =>
            launcher.LaunchAsync(user.Id, null, "text-editor", $"refill-{i}", newSession: true, CancellationToken.None)));
        await Task.WhenAll(launches);
        var refilled = await Task.WhenAll(refills);

        Assert.Equal(1, await app.ScalarAsync<long>("SELECT count(*) FROM usage_logs WHERE user_id = @Id AND action_type = 'credits_reset'", user));
        Assert.True(refilled.Sum() >= 1);
        await BooksHoldAsync();
    }

    // The lane of another server.
    private async Task<LaunchGroupCommit> StartLaneAsync()
    {
        var lane = ActivatorUtilities.CreateInstance<LaunchGroupCommit>(app.Services);
        await lane.StartAsync(CancellationToken.None);
        return lane;
    }

    private async Task<LaunchOutcome> AskAsync(LaunchGroupCommit lane, TestUser user, string toolId, string operation)
    {
        var now = app.Clock.GetUtcNow();
        Assert.True(lane.TryAsk(new LaunchRequest(user.Id, toolId, operation, Guid.CreateVersion7(now), NewSession: true, now), CancellationToken.None, out var answer));
        return await answer;
    }

    private Task<int> LeftAsync(TestUser user) =>
        app.ScalarAsync<int>("SELECT total_credits - used_credits + bonus_credits FROM user_credits WHERE user_id = @Id", user);

    private async Task BooksHoldAsync() =>
        Assert.Empty(await app.QueryAsync<string>("SELECT user_id || ' ' || seq || ' ' || fault FROM ledger_faults()"));
}
