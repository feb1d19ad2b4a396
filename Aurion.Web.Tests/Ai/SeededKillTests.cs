using System.Net.Http.Json;
using Aurion.Web.Ai.Chat;
using Aurion.Web.Tests.Infrastructure;
using Microsoft.Extensions.DependencyInjection;

namespace Aurion.Web.Tests.Ai;

/// <summary>kill -9 under 200 runs, each at a moment of its own: every run ends once, charged for what is there to see and for nothing else.</summary>
public sealed class SeededKillTests(PictureApp app) : IClassFixture<PictureApp>
{
    private const int Seed = 20_261_129;
    private const int Deaths = 5;
    private const int RunsEach = 40;

    /// <summary>What is asked for, and where.</summary>
    private static readonly (string Address, string Field, string Text)[] Kinds =
    [
        ("/api/ai-chat", "message", "Repeat: a b c d e f g h"),
        ("/api/ai-chat", "message", "Repeat: a b c d e f g h i j k l m n o fail:slow"),
        ("/api/ai-chat", "message", "Repeat: a b c d e f g h i j k l m n o fail:slow"),
        ("/api/ai-chat", "message", "Repeat: a b c d e f g h fail:cut:3"),
        ("/api/ai-chat", "message", "Repeat: a b c d e f g h fail:after:2"),
        ("/api/ai-chat", "message", "fail:blank"),
        ("/api/ai-chat", "message", "fail:silence"),
        ("/api/ai-chat", "message", "fail:503"),
        ("/api/generate-image", "prompt", "a lamp"),
        ("/api/generate-image", "prompt", "a lamp fail:task"),
    ];

    [Fact]
    public async Task Two_hundred_killed_runs_are_charged_for_what_was_delivered()
    {
        var random = new Random(Seed);
        var users = new List<TestUser>();
        for (var death = 0; death < Deaths; death++)
            users.AddRange(await KillAsync(random));

        // Nobody has said since the kills that they live.
        app.Clock.Advance(AnswerRuns.Lease + TimeSpan.FromSeconds(6));
        await Task.WhenAll(FinishAnswersAsync(), FinishAnswersAsync(), app.RunJobAsync(), app.RunJobAsync());

        Assert.Equal(0, await app.ScalarAsync<int>("SELECT count(*)::int FROM credit_holds WHERE state = 'open'"));
        var interrupted = await app.ScalarAsync<int>("SELECT count(*)::int FROM messages WHERE reason = 'interrupted'");
        Assert.True(interrupted >= RunsEach, $"Only {interrupted} answers were in the middle when their process died.");
        Assert.Equal([], await app.QueryAsync<string>("""
            SELECT u.email || ': charged ' || charged.credits || ', left ' || spendable_credits(c, @now) || ', held ' || c.held_credits || ', delivered ' || delivered.credits
              FROM auth.users u JOIN user_credits c ON c.user_id = u.id
             CROSS JOIN LATERAL (SELECT coalesce(sum(credits_used), 0)::int AS credits FROM usage_logs WHERE user_id = u.id) AS charged
             CROSS JOIN LATERAL (SELECT ((SELECT count(*) FROM messages WHERE user_id = u.id AND role = 'assistant' AND content <> '')
                                   + 10 * (SELECT count(*) FROM pictures WHERE user_id = u.id AND state = 'done'))::int AS credits) AS delivered
             WHERE u.id = ANY (@users) AND (charged.credits <> delivered.credits OR c.held_credits <> 0 OR spendable_credits(c, @now) <> 100 - charged.credits)
            """, new { users = users.Select(user => user.Id).ToArray(), now = app.Clock.GetUtcNow() }));
        // A run and its row in the ledger are there together, or neither is.
        Assert.Equal(0, await app.ScalarAsync<int>("""
            SELECT count(*)::int FROM (SELECT user_id, count(*) AS holds FROM credit_holds GROUP BY user_id) AS h
              FULL JOIN (SELECT user_id, count(*) AS lines FROM usage_logs WHERE action_type IN ('use_tool_ai-chat', 'use_tool_image-generation') GROUP BY user_id) AS l USING (user_id)
             WHERE h.holds IS DISTINCT FROM l.lines
            """));
        Assert.Equal("", await app.FaultsAsync());
    }

    /// <summary>A process with forty runs of forty people, each begun at its own moment, and killed at one.</summary>
    private async Task<IReadOnlyList<TestUser>> KillAsync(Random random)
    {
        var address = KillableWeb.FreeAddress();
        var users = await Task.WhenAll(Enumerable.Range(0, RunsEach).Select(_ => app.GivenUserAsync(100)));
        using var web = await KillableWeb.StartAsync(app, address,
            ("FREEPIK_API_KEY", PictureApp.FreepikKey), ("FREEPIK_API_BASE", app.Freepik.Address), ("OPENROUTER_API_KEY", ChatApp.Key), ("OPENROUTER_API_BASE", app.OpenRouter.Address));
        // A process that has just begun is slow: its first run is no part of the storm.
        await RunAsync(address, users[0], Kinds[0], 0);
        var runs = users.Skip(1).Select(user => RunAsync(address, user, random.GetItems(Kinds, 1)[0], random.Next(2500))).ToList();
        await Task.Delay(random.Next(1200, 2400));
        web.Kill();
        await web.WaitForExitAsync();
        await Task.WhenAll(runs);
        return users;
    }

    private static async Task RunAsync(Uri address, TestUser user, (string Address, string Field, string Text) kind, int after)
    {
        await Task.Delay(after);
        using var http = new HttpClient { BaseAddress = address, DefaultRequestHeaders = { Authorization = new("Bearer", user.Token) } };
        try
        {
            using var answer = await http.PostAsJsonAsync(kind.Address, new Dictionary<string, string> { [kind.Field] = kind.Text });
            Assert.True((int)answer.StatusCode < 500, $"{kind.Text}: {answer.StatusCode}");
        }
        catch (HttpRequestException)
        {
            // The process died meanwhile, or before.
        }
    }

    private Task FinishAnswersAsync() => app.Services.CreateScope().ServiceProvider.GetRequiredService<FinishAbandonedAnswersJob>().RunAsync(CancellationToken.None);
}
