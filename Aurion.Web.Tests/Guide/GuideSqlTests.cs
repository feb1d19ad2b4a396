using System.Net;
using System.Text.Json;
using Aurion.Web.Tests.Billing;
using Aurion.Web.Tests.Infrastructure;
using Dapper;
using Npgsql;

namespace Aurion.Web.Tests.Guide;

/// <summary>
/// Each SQL statement of the deployment guide, character for character, at the point where the guide runs it, and what the
/// guide says it shows. Only the placeholder 'uuid-here' is replaced, since it is no uuid.
/// </summary>
public sealed class GuideSqlTests(BillingApp app) : IClassFixture<BillingApp>
{
    [Fact]
    public async Task Step_1_lists_the_tables_and_the_trigger()
    {
        var tables = await QueryAsync("""
            -- Vérification rapide
            SELECT table_name FROM information_schema.tables 
            WHERE table_schema = 'public' 
            ORDER BY table_name;
            """);
        string[] expected = ["profiles", "user_plans", "user_credits", "usage_logs", "tool_sessions", "stripe_sessions", "user_subscriptions"];
        Assert.Empty(expected.Except(tables.Select(row => (string)row["table_name"]!), StringComparer.Ordinal));

        var trigger = Assert.Single(await QueryAsync("""
            SELECT trigger_name, event_object_table 
            FROM information_schema.triggers 
            WHERE trigger_name = 'on_auth_user_created';
            """));
        Assert.Equal(("on_auth_user_created", "users"), ((string)trigger["trigger_name"]!, (string)trigger["event_object_table"]!));

        // As text, like psql: the driver knows no type for a column of expression trees.
        await using var connection = new NpgsqlConnection(app.OwnerConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("""
            -- Vérifier le trigger
            SELECT * FROM pg_trigger WHERE tgname = 'on_auth_user_created';
            """, connection) { AllResultTypesAreUnknown = true };
        await using var reader = await command.ExecuteReaderAsync();
        Assert.True(await reader.ReadAsync());
        Assert.False(await reader.ReadAsync());
    }

    [Fact]
    public async Task Step_1_shows_a_new_account_with_100_credits()
    {
        await app.GivenUserAsync(email: "votre-email-test@example.com");

        var row = Assert.Single(await QueryAsync("""
            -- Après avoir créé un compte test via l'interface
            SELECT u.email, c.total_credits, c.used_credits
            FROM auth.users u
            JOIN public.user_credits c ON u.id = c.user_id
            WHERE u.email = 'votre-email-test@example.com';
            """));

        Assert.Equal((100, 0), ((int)row["total_credits"]!, (int)row["used_credits"]!));
    }

    [Fact]
    public async Task The_five_tests_in_their_order()
    {
        var user = await app.GivenUserAsync(email: "votre-test@example.com");
        var created = Assert.Single(await QueryAsync("""
            SELECT 
              p.email,
              c.total_credits,
              c.used_credits,
              pl.plan_type,
              pl.status
            FROM profiles p
            JOIN user_credits c ON p.id = c.user_id
            JOIN user_plans pl ON p.id = pl.user_id
            WHERE p.email = 'votre-test@example.com';
            """));
        Assert.Equal((100, 0, "free", "active"),
            ((int)created["total_credits"]!, (int)created["used_credits"]!, (string)created["plan_type"]!, (string)created["status"]!));

        Assert.Equal(HttpStatusCode.OK, (await LaunchAsync(user)).StatusCode);
        var credits = Assert.Single(await QueryAsync("""
            SELECT * FROM user_credits 
            WHERE user_id = (SELECT id FROM profiles WHERE email = 'votre-test@example.com');
            """));
        Assert.Equal(50, credits["used_credits"]);
        var log = (await QueryAsync("""
            SELECT * FROM usage_logs 
            WHERE user_id = (SELECT id FROM profiles WHERE email = 'votre-test@example.com')
            ORDER BY created_at DESC LIMIT 5;
            """))[0];
        Assert.Equal(("launch_tool_app-builder", 50), ((string)log["action_type"]!, (int)log["credits_used"]!));

        await QueryAsync("""
            UPDATE user_credits 
            SET used_credits = total_credits 
            WHERE user_id = (SELECT id FROM profiles WHERE email = 'votre-test@example.com');
            """);
        var blocked = await LaunchAsync(user, "website-builder");
        Assert.Equal(HttpStatusCode.Forbidden, blocked.StatusCode);
        var page = await (await app.SignedInAs(user).GetAsync("/tools/website-builder")).ReadHtmlAsync();
        Assert.Contains("Credits Exhausted", page.Body!.TextContent, StringComparison.Ordinal);
        Assert.Null(page.QuerySelector("iframe"));

        await QueryAsync("""
            UPDATE user_credits 
            SET total_credits = 100, used_credits = 90 
            WHERE user_id = (SELECT id FROM profiles WHERE email = 'votre-test@example.com');
            """);
        Assert.NotNull(await app.PayAsync(await app.OpenCheckoutAsync(user, "starter")));
        await app.SettleAsync();
        var paid = Assert.Single(await QueryAsync("""
            SELECT c.total_credits, c.used_credits, pl.plan_type 
            FROM user_credits c
            JOIN user_plans pl ON c.user_id = pl.user_id
            WHERE c.user_id = (SELECT id FROM profiles WHERE email = 'votre-test@example.com');
            """));
        Assert.Equal((1000, 0, "starter"), ((int)paid["total_credits"]!, (int)paid["used_credits"]!, (string)paid["plan_type"]!));
        var upgraded = Assert.Single(await QueryAsync("""
            SELECT metadata FROM usage_logs 
            WHERE user_id = (SELECT id FROM profiles WHERE email = 'votre-test@example.com')
            AND action_type = 'plan_upgraded'
            ORDER BY created_at DESC LIMIT 1;
            """));
        Assert.Equal(1000, JsonDocument.Parse((string)upgraded["metadata"]!).RootElement.GetProperty("credits_granted").GetInt32());
        Assert.Equal(HttpStatusCode.OK, (await LaunchAsync(user, "website-builder")).StatusCode);

        // Test 5: the event reached the webhook and was processed.
        Assert.True(await app.ScalarAsync<int>("SELECT count(*)::int FROM stripe_events WHERE type = 'checkout.session.completed' AND state = 'done'") >= 1);
    }

    [Fact]
    public async Task The_metrics_count_what_happened()
    {
        var user = await app.GivenUserAsync();
        await LaunchAsync(user, "ai-agents");

        var plans = await QueryAsync("""
            -- Utilisateurs par plan
            SELECT plan_type, COUNT(*) as users
            FROM user_plans
            WHERE status = 'active'
            GROUP BY plan_type;
            """);
        Assert.Contains(plans, row => (string)row["plan_type"]! == "free" && (long)row["users"]! >= 1);

        var days = await QueryAsync("""
            -- Consommation moyenne par jour
            SELECT 
              DATE(created_at) as date,
              SUM(credits_used) as total_credits,
              COUNT(DISTINCT user_id) as active_users,
              SUM(credits_used) / COUNT(DISTINCT user_id) as avg_per_user
            FROM usage_logs
            WHERE created_at > NOW() - INTERVAL '30 days'
            GROUP BY DATE(created_at)
            ORDER BY date DESC;
            """);
        Assert.True((long)days[0]["total_credits"]! >= 30);

        var tools = await QueryAsync("""
            -- Top outils utilisés
            SELECT 
              action_type,
              COUNT(*) as usage_count,
              SUM(credits_used) as total_credits
            FROM usage_logs
            WHERE action_type LIKE 'launch_tool_%'
            GROUP BY action_type
            ORDER BY usage_count DESC;
            """);
        Assert.Contains(tools, row => (string)row["action_type"]! == "launch_tool_ai-agents" && (long)row["total_credits"]! >= 30);
    }

    [Fact]
    public async Task The_useful_commands_do_what_they_say()
    {
        var user = await app.GivenUserAsync(credits: 0);
        var before = await CountEmptyAsync();

        await QueryAsync("""
            -- Reset crédits pour un utilisateur (testing)
            UPDATE user_credits 
            SET total_credits = 100, used_credits = 0 
            WHERE user_id = 'uuid-here';
            """.Replace("uuid-here", user.Id.ToString(), StringComparison.Ordinal));
        var history = await QueryAsync("""
            -- Voir l'historique complet d'un user
            SELECT * FROM usage_logs 
            WHERE user_id = 'uuid-here' 
            ORDER BY created_at DESC;
            """.Replace("uuid-here", user.Id.ToString(), StringComparison.Ordinal));

        Assert.Equal("manual_adjustment", history[0]["action_type"]);
        Assert.Equal(before - 1, await CountEmptyAsync());
        Assert.Empty(await app.QueryAsync<string>("SELECT fault FROM ledger_faults()"));
    }

    private async Task<long> CountEmptyAsync() => (long)Assert.Single(await QueryAsync("""
        -- Compter les users sans crédits
        SELECT COUNT(*) FROM user_credits 
        WHERE total_credits - used_credits <= 0;
        """))["count"]!;

    private Task<HttpResponseMessage> LaunchAsync(TestUser user, string toolId = "app-builder") =>
        app.WithToken(user).PostJsonAsync("/api/validate-tool-access", new { toolId });

    private async Task<IReadOnlyList<IDictionary<string, object?>>> QueryAsync(string statement)
    {
        await using var connection = new NpgsqlConnection(app.OwnerConnectionString);
        return [.. (await connection.QueryAsync(statement)).Cast<IDictionary<string, object?>>()];
    }
}
