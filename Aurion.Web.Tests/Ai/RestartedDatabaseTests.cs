using Aurion.Sandbox.Postgres;
using Aurion.Web.Ai.Chat;
using Aurion.Web.Tests.Infrastructure;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Aurion.Web.Tests.Ai;

/// <summary>PostgreSQL restarts while answers are written: each is settled once, for what is there to read.</summary>
public sealed class RestartedDatabaseTests
{
    private const int People = 20;

    [Theory]
    [InlineData("done", "Repeat: a b c d e f g h i j fail:slow")]
    [InlineData("broken", "Repeat: a b c d e f g h i j fail:hang:6")]
    public async Task An_answer_that_outlives_a_restart_is_charged_for_what_was_stored(string state, string message)
    {
        await using var server = await PostgresServer.StartTemporaryAsync();
        var app = new App(server);
        await app.InitializeAsync();
        try
        {
            var data = await app.ScalarAsync<string>("SHOW data_directory");
            var users = await Task.WhenAll(Enumerable.Range(0, People).Select(_ => app.GivenUserAsync(100)));
            var streams = await Task.WhenAll(users.Select(async user => await ChatApp.ReadAsync(await app.AskAsync(user, message), untilDeltas: 1)));

            await TestPostgres.RunAsync("as_owner pg_ctl restart -w -m immediate -D $data -l /dev/null", data);
            await using (var stale = new NpgsqlConnection(app.OwnerConnectionString))
                NpgsqlConnection.ClearPool(stale);
            var runs = app.Services.GetRequiredService<AnswerRuns>();
            await Eventually.HoldsAsync(() => users.Zip(streams).All(each => runs.Find(each.First.Id, each.Second.AnswerId) is null), "the answers end");
            // What could not be settled while PostgreSQL was away is the job's.
            app.Clock.Advance(AnswerRuns.Lease + TimeSpan.FromSeconds(6));
            await app.RunJobAsync();

            Assert.Equal(Enumerable.Repeat((state, 1, 99, 0), People), await app.QueryAsync<(string, int, int, int)>("""
                SELECT m.state, (m.content <> '')::int, spendable_credits(c, @now), c.held_credits
                  FROM messages m JOIN user_credits c USING (user_id) WHERE m.role = 'assistant'
                """, new { now = app.Clock.GetUtcNow() }));
            Assert.Equal(People, await app.ScalarAsync<int>("SELECT count(*)::int FROM usage_logs WHERE action_type = 'use_tool_ai-chat'"));
            Assert.Equal("", await app.FaultsAsync());
            await TestPostgres.RunAsync("as_owner pg_ctl stop -m fast -D $data", data);
        }
        finally
        {
            await app.DisposeAsync();
            await app.OpenRouter.DisposeAsync();
        }
    }

    private sealed class App(PostgresServer server) : ChatApp
    {
        protected override PostgresServer OwnServer => server;
    }
}
