using Aurion.Data;
using Aurion.Web.Tests.Infrastructure;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Aurion.Web.Tests.Data;

public sealed class RowLevelSecurityTests(AurionApp app) : IClassFixture<AurionApp>
{
    [Fact]
    public async Task Every_table_has_row_level_security()
    {
        var open = await app.QueryAsync<string>("""
            SELECT n.nspname || '.' || c.relname
              FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
             WHERE c.relkind IN ('r', 'p') AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND NOT c.relrowsecurity
            """);

        Assert.Empty(open);
    }

    [Fact]
    public async Task A_person_sees_rows_of_their_own_and_nobody_elses_in_every_table()
    {
        var (mine, theirs) = (await app.GivenUserAsync(), await app.GivenUserAsync());
        foreach (var user in new[] { mine, theirs })
            await app.WithToken(user).PostJsonAsync("/api/validate-tool-access", new { toolId = "text-editor" });
        var database = app.Services.GetRequiredService<Database>();

        foreach (var (table, key) in await UserTablesAsync())
        {
            var seen = await database.ListAsync<Guid>(mine.Id, $"SELECT DISTINCT {key} FROM {table}");
            Assert.DoesNotContain(theirs.Id, seen);
        }
        Assert.Equal([mine.Id], await database.ListAsync<Guid>(mine.Id, "SELECT DISTINCT user_id FROM usage_logs"));
        Assert.Equal([mine.Id], await database.ListAsync<Guid>(mine.Id, "SELECT user_id FROM user_credits"));
    }

    [Fact]
    public async Task The_claims_of_one_reading_are_gone_in_the_next()
    {
        var user = await app.GivenUserAsync();
        var database = app.Services.GetRequiredService<Database>();
        await database.ListAsync<Guid>(user.Id, "SELECT user_id FROM user_credits");

        await using var connection = await database.OpenAsync();
        var (role, claims) = await connection.QuerySingleAsync<(string, string?)>("SELECT current_user, nullif(current_setting('request.jwt.claims', true), '')");

        Assert.Equal(("aurion_web", null), (role, claims));
    }

    [Fact]
    public async Task Without_claims_nothing_is_seen()
    {
        await app.GivenUserAsync();
        await using var connection = await OpenAsApplicationAsync();

        foreach (var (table, _) in await UserTablesAsync())
        {
            await using var transaction = await connection.BeginTransactionAsync();
            await connection.ExecuteAsync("SET LOCAL ROLE authenticated");
            Assert.Equal(0, await connection.ExecuteScalarAsync<long>($"SELECT count(*) FROM {table}"));
        }
    }

    [Theory]
    [InlineData("SELECT * FROM consume_user_credits('{}', '{}', '{}', '{}', '{}', '{}')")]
    [InlineData("SELECT refund_user_credits(gen_random_uuid(), 'x', 'x')")]
    [InlineData("SELECT reset_monthly_credits()")]
    [InlineData("UPDATE user_credits SET used_credits = 0")]
    [InlineData("INSERT INTO credit_grants VALUES (auth.uid(), gen_random_uuid(), 'gift', 'me', 1000, 1000)")]
    [InlineData("UPDATE user_plans SET plan_type = 'enterprise'")]
    public async Task A_signed_in_person_cannot_touch_the_credits(string attack)
    {
        var user = await app.GivenUserAsync();
        var database = app.Services.GetRequiredService<Database>();

        var refused = await Assert.ThrowsAsync<PostgresException>(() => database.ListAsync<object>(user.Id, attack));

        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refused.SqlState);
    }

    [Theory]
    [InlineData("UPDATE user_credits SET used_credits = 0")]
    [InlineData("DELETE FROM usage_logs")]
    [InlineData("INSERT INTO auth.users (id, email) VALUES (gen_random_uuid(), 'x@y.z')")]
    [InlineData("ALTER TABLE usage_logs DISABLE TRIGGER ALL")]
    public async Task The_application_itself_can_change_balances_only_through_the_functions(string attack)
    {
        await using var connection = await OpenAsApplicationAsync();

        var refused = await Assert.ThrowsAsync<PostgresException>(() => connection.ExecuteAsync(attack));

        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refused.SqlState);
    }

    [Fact]
    public async Task No_function_is_for_everybody_and_none_that_runs_as_its_owner_can_be_led_elsewhere()
    {
        var functions = await app.QueryAsync<(string Name, bool IsForAll, bool IsForPeople, bool IsForService, bool IsFixed)>("""
            SELECT p.proname::text, has_function_privilege('anon', p.oid, 'EXECUTE') OR coalesce(p.proacl::text, '{=X') ~ '[{,]=X',
                   has_function_privilege('authenticated', p.oid, 'EXECUTE'), has_function_privilege('aurion_service', p.oid, 'EXECUTE'),
                   NOT p.prosecdef OR coalesce(p.proconfig::text, '') LIKE '%search_path=public, pg_temp%'
              FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace
            """);

        Assert.Contains(functions, f => f.Name == "consume_user_credits");
        Assert.All(functions, f => Assert.Equal((f.Name, false, true, true), (f.Name, f.IsForAll, f.IsForService, f.IsFixed)));
        Assert.Equal(["balance_notice", "balance_state", "has_open_dispute", "spendable_bonus", "spendable_credits", "spending_room", "top_up_spent"], functions.Where(f => f.IsForPeople).Select(f => f.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_visitor_reads_what_is_for_sale_and_nothing_else_and_nobody_but_the_application_writes()
    {
        // What is granted on one column counts too, and no question about the table would tell.
        const string granted = """
            SELECT DISTINCT c.relname::text FROM pg_class c, unnest(@privileges) AS privilege
             WHERE c.relkind IN ('r', 'p') AND c.relnamespace::regnamespace::text IN ('public', 'auth', 'jobs')
               AND CASE WHEN privilege IN ('DELETE', 'TRUNCATE') THEN has_table_privilege(@role, c.oid, privilege) ELSE has_any_column_privilege(@role, c.oid, privilege) END
            """;
        string[] writes = ["INSERT", "UPDATE", "DELETE", "TRUNCATE"];

        Assert.Equal(["ai_models", "packs", "plan_limits", "plans", "tools"], (await app.QueryAsync<string>(granted, new { role = "anon", privileges = new[] { "SELECT" } })).Order(StringComparer.Ordinal));
        Assert.Empty(await app.QueryAsync<string>(granted, new { role = "anon", privileges = writes }));
        Assert.Equal(["profiles", "tool_favourites"], (await app.QueryAsync<string>(granted, new { role = "authenticated", privileges = writes })).Order(StringComparer.Ordinal));
        Assert.Equal(["full_name", "locale", "theme", "updated_at"], await app.QueryAsync<string>("""
            SELECT attname::text FROM pg_attribute WHERE attrelid = 'profiles'::regclass AND attnum > 0 AND NOT attisdropped
               AND (has_column_privilege('authenticated', attrelid, attnum, 'UPDATE') OR has_column_privilege('authenticated', attrelid, attnum, 'INSERT'))
             ORDER BY attname
            """));
        string[] books = ["users", "user_credits", "credit_grants", "usage_logs", "user_plans"];
        Assert.Empty(books.Intersect(await app.QueryAsync<string>(granted, new { role = "aurion_service", privileges = writes })));
    }

    private async Task<NpgsqlConnection> OpenAsApplicationAsync()
    {
        var connection = new NpgsqlConnection(TestDatabases.AsApplication(app.OwnerConnectionString));
        await connection.OpenAsync();
        return connection;
    }

    private Task<IReadOnlyList<(string Table, string Key)>> UserTablesAsync() => app.QueryAsync<(string, string)>("""
        SELECT c.relname::text, a.attname::text
          FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
         WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
           AND (a.attname = 'user_id' OR (c.relname, a.attname) = ('profiles', 'id'))
           AND has_table_privilege('authenticated', c.oid, 'SELECT')
        """);
}
