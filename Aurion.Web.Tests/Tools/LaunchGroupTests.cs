using Aurion.Data.Tools;
using Aurion.Web.Tests.Infrastructure;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Aurion.Web.Tests.Tools;

/// <summary>One call of consume_user_credits serves ordinary requests set by set and all others one by one; what each gets and what is written must not differ.</summary>
public sealed class LaunchGroupTests(AurionApp app) : IClassFixture<AurionApp>
{
    [Fact]
    public async Task Each_request_of_a_mixed_group_gets_its_own_answer_and_the_books_hold()
    {
        var users = new Dictionary<string, TestUser>();
        foreach (var name in (string[])["ordinary", "keyed", "twice", "short", "granted", "frozen", "reserved", "reusing", "capped", "held", "second ordinary"])
            users[name] = await app.GivenUserAsync(credits: name is "short" or "granted" ? 49 : 100);
        var ids = users.Values.Select(user => user.Id).ToArray();
        await app.ExecuteAsync("UPDATE user_credits SET bonus_credits = 10 WHERE user_id = @Id", users["granted"]);
        await app.ExecuteAsync("UPDATE user_credits SET frozen_at = @now WHERE user_id = @Id", new { users["frozen"].Id, now = app.Clock.GetUtcNow() });
        await app.ExecuteAsync("UPDATE user_credits SET daily_cap = 40 WHERE user_id = @Id", users["capped"]);
        await app.ExecuteAsync("UPDATE user_credits SET held_credits = 60 WHERE user_id = @Id", users["reserved"]);
        Assert.Equal(["LAUNCHED"], (await AskAsync(Request(users["reusing"]))).Select(o => o.Outcome));

        await using var somebody = new NpgsqlConnection(app.OwnerConnectionString);
        await somebody.OpenAsync();
        await using var hold = await somebody.BeginTransactionAsync();
        await using (var take = new NpgsqlCommand("SELECT FROM user_credits WHERE user_id = $1 FOR NO KEY UPDATE", somebody) { Parameters = { new() { Value = users["held"].Id } } })
            await take.ExecuteNonQueryAsync();

        var asked = new (string Expected, int Left, LaunchRequest Request)[]
        {
            ("LAUNCHED", 50, Request(users["ordinary"])),
            ("LAUNCHED", 50, Request(users["keyed"], operation: "key")),
            ("LAUNCHED", 50, Request(users["twice"])),
            ("INSUFFICIENT_CREDITS", 49, Request(users["short"])),
            ("LAUNCHED", 0, Request(users["twice"])),
            ("LAUNCHED", 9, Request(users["granted"])),
            ("ACCOUNT_FROZEN", 0, Request(users["frozen"])),
            ("INSUFFICIENT_CREDITS", 40, Request(users["reserved"])),
            ("REUSED", 50, Request(users["reusing"], reuse: true)),
            ("DAILY_CAP", 40, Request(users["capped"])),
            ("RETRY", 100, Request(users["held"])),
            ("TOOL_NOT_FOUND", 100, Request(users["second ordinary"]) with { ToolId = "none" }),
            ("LAUNCHED", 50, Request(users["second ordinary"])),
            ("ACCOUNT_NOT_FOUND", 0, Request(users["ordinary"]) with { UserId = Guid.CreateVersion7(app.Clock.GetUtcNow()) }),
        };
        var outcomes = await AskAsync([.. asked.Select(a => a.Request)]);

        Assert.Equal(asked.Select(a => (a.Expected, a.Left)), outcomes.Select(o => (o.Outcome, o.Available)));
        var launched = outcomes.Where(o => o.Outcome == "LAUNCHED").ToList();
        Assert.Equal(asked.Where(a => a.Expected == "LAUNCHED").Select(a => a.Request.SessionId), launched.Select(o => o.SessionId));
        Assert.Equal(
            launched.Select(o => o.SessionId).Append((await AskAsync(Request(users["reusing"], reuse: true)))[0].SessionId).Order(),
            (await app.QueryAsync<Guid>("SELECT s.id FROM tool_sessions s JOIN usage_logs l ON l.user_id = s.user_id AND l.session_id = s.id AND l.credits_used = s.credits_consumed WHERE s.user_id = ANY (@ids)", new { ids })).Order());
        await hold.RollbackAsync();
        await app.ExecuteAsync("UPDATE user_credits SET held_credits = 0 WHERE user_id = @Id", users["reserved"]);
        Assert.Empty(await app.QueryAsync<string>("SELECT fault FROM ledger_faults() WHERE user_id = ANY (@ids)", new { ids }));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("key")]
    public async Task Of_one_persons_sessions_of_a_tool_the_newest_three_stay_open(string? key)
    {
        var user = await app.GivenUserAsync(credits: 500);
        var sessions = new List<Guid>();
        for (var i = 0; i < 5; i++)
        {
            app.Clock.Advance(TimeSpan.FromSeconds(1));
            sessions.Add(Assert.Single(await AskAsync(Request(user, operation: key is null ? null : key + i))).SessionId);
        }

        Assert.Equal(sessions[2..].Order(), (await app.QueryAsync<Guid>("SELECT id FROM tool_sessions WHERE user_id = @Id AND ended_at IS NULL", user)).Order());
    }

    [Fact]
    public async Task A_ledger_that_began_with_the_first_form_of_the_hash_goes_on_in_the_second_and_never_back()
    {
        var user = await app.GivenUserAsync();
        await app.ExecuteAsync("""
            ALTER TABLE usage_logs DISABLE TRIGGER USER;
            UPDATE usage_logs SET hash_form = 1, hash = ledger_hash_1('', user_id, seq, created_at, action_type, credits_used, delta,
                balance_after, operation_id, actor, metadata, buckets, session_id) WHERE user_id = @Id;
            UPDATE user_credits c SET ledger_hash = l.hash FROM usage_logs l WHERE l.user_id = c.user_id AND c.user_id = @Id;
            """, user);
        await AskAsync(Request(user));
        Assert.Equal([1, 2], await app.QueryAsync<int>("SELECT hash_form::int FROM usage_logs WHERE user_id = @Id ORDER BY seq", user));
        Assert.Empty(await FaultsAsync(user));

        await app.ExecuteAsync("""
            UPDATE usage_logs SET hash_form = 1, hash = ledger_hash_1((SELECT p.hash FROM usage_logs p WHERE p.user_id = @Id AND p.seq = 1), user_id, seq, created_at, action_type,
                credits_used, delta, balance_after, operation_id, actor, metadata, buckets, session_id) WHERE user_id = @Id AND seq = 2;
            UPDATE user_credits c SET ledger_hash = l.hash FROM usage_logs l WHERE l.user_id = c.user_id AND l.seq = 2 AND c.user_id = @Id
            """, user);
        Assert.Empty(await FaultsAsync(user));

        await app.ExecuteAsync("UPDATE usage_logs SET hash_form = CASE seq WHEN 1 THEN 2 ELSE 1 END WHERE user_id = @Id; ALTER TABLE usage_logs ENABLE TRIGGER USER", user);
        Assert.Contains("a row in an old form follows one in a newer form", await FaultsAsync(user));
    }

    private LaunchRequest Request(TestUser user, string? operation = null, bool reuse = false)
    {
        var now = app.Clock.GetUtcNow();
        var session = Guid.CreateVersion7(now);
        return new LaunchRequest(user.Id, "app-builder", operation ?? $"launch:{session}", session, NewSession: !reuse, now);
    }

    private Task<IReadOnlyList<LaunchOutcome>> AskAsync(params LaunchRequest[] requests) =>
        app.Services.GetRequiredService<LaunchStore>().LaunchAsync(requests);

    private Task<IReadOnlyList<string>> FaultsAsync(TestUser user) =>
        app.QueryAsync<string>("SELECT fault FROM ledger_faults() WHERE user_id = @Id", user);
}
