using Aurion.Web.Tests.Infrastructure;
using Npgsql;

namespace Aurion.Web.Tests.Credits;

public sealed class LedgerBooksTests(AurionApp app) : IClassFixture<AurionApp>
{
    [Theory]
    [InlineData("UPDATE usage_logs SET delta = 0")]
    [InlineData("DELETE FROM usage_logs")]
    [InlineData("TRUNCATE usage_logs")]
    public async Task The_ledger_is_append_only_for_its_owner_too(string attack)
    {
        await app.GivenUserAsync();

        await Assert.ThrowsAsync<PostgresException>(() => app.ExecuteAsync(attack));
    }

    // By any other, the planner would lead a page of one account past the rows of all.
    [Fact]
    public async Task Every_index_of_the_ledger_begins_with_the_account() =>
        Assert.Empty(await app.QueryAsync<string>("""
            SELECT i.indexrelid::regclass::text
              FROM pg_index i
              LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
             WHERE i.indrelid = 'usage_logs'::regclass AND a.attname IS DISTINCT FROM 'user_id'
            """));

    [Fact]
    public async Task A_balance_changed_in_psql_is_journalled_with_who_and_what()
    {
        var user = await app.GivenUserAsync();

        await app.ExecuteAsync("UPDATE user_credits SET used_credits = total_credits WHERE user_id = @Id", user);

        var (action, delta, after, actor) = Assert.Single(await app.QueryAsync<(string, int, int, string)>(
            "SELECT action_type, delta, balance_after, actor FROM usage_logs WHERE user_id = @Id ORDER BY seq DESC LIMIT 1", user));
        Assert.Equal(("manual_adjustment", -100, 0, "aurion_owner"), (action, delta, after, actor));
        Assert.Empty(await FaultsAsync(user));
    }

    [Theory]
    [InlineData("UPDATE usage_logs SET balance_after = balance_after + 1 WHERE user_id = @Id AND seq = 1")]
    [InlineData("UPDATE usage_logs SET metadata = '{\"x\":1}' WHERE user_id = @Id AND seq = 1")]
    [InlineData("DELETE FROM usage_logs WHERE user_id = @Id AND seq = 1")]
    public async Task Tampering_behind_the_triggers_back_is_found(string attack)
    {
        var user = await app.GivenUserAsync();
        await app.ExecuteAsync("UPDATE user_credits SET used_credits = 7 WHERE user_id = @Id", user);
        Assert.Empty(await FaultsAsync(user));

        await app.ExecuteAsync($"ALTER TABLE usage_logs DISABLE TRIGGER USER; {attack}; ALTER TABLE usage_logs ENABLE TRIGGER USER", user);

        Assert.NotEmpty(await FaultsAsync(user));
    }

    [Fact]
    public async Task A_balance_forged_together_with_its_sequence_is_found()
    {
        var user = await app.GivenUserAsync();

        await app.ExecuteAsync("UPDATE user_credits SET total_credits = 5000, ledger_seq = ledger_seq + 1 WHERE user_id = @Id", user);

        Assert.NotEmpty(await FaultsAsync(user));
    }

    [Theory]
    [InlineData("UPDATE user_credits SET used_credits = -1 WHERE user_id = @Id")]
    [InlineData("UPDATE user_credits SET used_credits = total_credits + 1 WHERE user_id = @Id")]
    [InlineData("UPDATE user_credits SET bonus_credits = -1 WHERE user_id = @Id")]
    public async Task Impossible_figures_are_refused_by_the_table(string attack)
    {
        var user = await app.GivenUserAsync();

        var refused = await Assert.ThrowsAsync<PostgresException>(() => app.ExecuteAsync(attack, user));

        Assert.Equal(PostgresErrorCodes.CheckViolation, refused.SqlState);
    }

    private Task<IReadOnlyList<string>> FaultsAsync(TestUser user) =>
        app.QueryAsync<string>("SELECT fault FROM ledger_faults() WHERE user_id = @Id", user);
}
