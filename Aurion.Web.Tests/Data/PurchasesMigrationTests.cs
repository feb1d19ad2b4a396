using Aurion.Data;
using Aurion.Web.Tests.Infrastructure;
using Dapper;
using Npgsql;

namespace Aurion.Web.Tests.Data;

/// <summary>A database in which plans and packs were sold apart.</summary>
public sealed class PurchasesMigrationTests
{
    private const string Migration = "0020_purchases";

    [Fact]
    public async Task Pages_packs_top_ups_and_prices_of_yesterday_are_all_there()
    {
        var owner = await (await TestDatabases.ServerAsync()).CreateDatabaseAsync();
        await using var connection = new NpgsqlConnection(owner);
        await connection.ExecuteAsync("CREATE TABLE schema_migrations (name text PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now())");
        foreach (var name in Migrator.Migrations.Where(name => string.CompareOrdinal(name, Migration) < 0))
        {
            await connection.ExecuteAsync(Repository.Read($"sql/migrations/{name}.sql"));
            await connection.ExecuteAsync("INSERT INTO schema_migrations (name) VALUES (@name)", new { name });
        }
        var user = Guid.CreateVersion7(TimeProvider.System.GetUtcNow());
        await connection.ExecuteAsync("""
            INSERT INTO stripe_prices (price_id, product_id, plan_type, billing_interval, currency, unit_amount, created_at) VALUES ('price_plan', 'p', 'starter', 'month', 'usd', 900, now());
            INSERT INTO stripe_pack_prices (price_id, product_id, pack_id, currency, unit_amount, active, created_at)
            VALUES ('price_old', 'k', 'small', 'usd', 300, false, now()), ('price_pack', 'k', 'small', 'usd', 400, true, now());
            INSERT INTO stripe_sessions (user_id, operation_id, session_id, plan_type, billing_interval, price_id, status, payment_status, subscription_id, url, created_at, expires_at, read_seq)
            VALUES (@user, gen_random_uuid(), 'cs_open', 'starter', 'month', 'price_plan', 'open', NULL, NULL, 'https://stripe.example/open', now(), now() + interval '1 day', 0),
                   (@user, gen_random_uuid(), 'cs_replaced', 'plus', 'year', 'price_plan', 'replaced', NULL, NULL, NULL, now(), now() + interval '1 day', 0),
                   (@user, gen_random_uuid(), 'cs_long_ago', 'plus', 'year', 'price_plan', 'replaced', NULL, NULL, NULL, now() - interval '9 days', now() - interval '8 days', 0),
                   (@user, gen_random_uuid(), 'cs_paid', 'starter', 'month', 'price_plan', 'complete', 'paid', 'sub_1', NULL, now(), now() + interval '1 day', 7);
            INSERT INTO pack_purchases (user_id, operation_id, kind, pack_id, price_id, credits, amount, status, payment_status, session_id, payment_intent_id, keep_card, created_at, granted_at)
            VALUES (@user, gen_random_uuid(), 'checkout', 'small', 'price_pack', 300, 400, 'complete', 'paid', 'cs_pack', 'pi_pack', true, now(), now()),
                   (@user, gen_random_uuid(), 'top_up', 'small', 'price_pack', 300, 400, 'creating', NULL, NULL, NULL, false, now(), NULL);
            """, new { user });

        await new Migrator(owner).MigrateAsync();

        Assert.Equal(
            [
                "pack small pack 300 400 complete", "plan cs_long_ago plus 5000 29000 replaced", "plan cs_open starter 1000 900 open",
                "plan cs_paid starter 1000 900 complete sub_1 7", "plan cs_replaced plus 5000 29000 closing", "top_up small creating 300 400",
            ],
            (await connection.QueryAsync<string>("""
                SELECT CASE kind WHEN 'plan' THEN concat_ws(' ', kind, session_id, plan_type, credits, amount, status, subscription_id, nullif(read_seq, 0))
                                 WHEN 'pack' THEN concat_ws(' ', kind, pack_id, 'pack', credits, amount, status)
                                 ELSE concat_ws(' ', kind, pack_id, status, credits, amount) END FROM purchases
                """)).Order(StringComparer.Ordinal));
        Assert.Equal(["price_old small false", "price_pack small true", "price_plan starter month true"], (await connection.QueryAsync<string>(
            "SELECT concat_ws(' ', price_id, plan_type, billing_interval, pack_id, active::text) FROM stripe_prices")).Order(StringComparer.Ordinal));
        Assert.Equal(4, await connection.ExecuteScalarAsync<int>("SELECT count(*)::int FROM stripe_sessions"));
        await connection.CloseAsync();
        await TestDatabases.DropAsync(owner);
    }
}
