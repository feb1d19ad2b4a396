using Dapper;

namespace Aurion.Data.Infrastructure;

/// <summary>What the application must know about its database before it trusts it.</summary>
public sealed class DatabaseStateStore(Database db)
{
    /// <summary>Why the role we signed in with has too much power, or null. Row-level security does not hold against such a role.</summary>
    public async Task<string?> FindRoleFaultAsync(CancellationToken ct = default)
    {
        await using var connection = await db.OpenAsync(ct);
        return await connection.QuerySingleAsync<string?>(new CommandDefinition("""
            SELECT CASE WHEN me.rolsuper THEN format('role %I is a superuser', me.rolname)
                        WHEN me.rolbypassrls THEN format('role %I bypasses row-level security', me.rolname)
                        WHEN EXISTS (SELECT FROM pg_class c
                                      WHERE c.relkind IN ('r', 'p') AND c.relnamespace <> 'pg_catalog'::regnamespace
                                        AND pg_has_role(me.oid, c.relowner, 'USAGE'))
                        THEN format('role %I owns tables', me.rolname) END
              FROM pg_roles me
             WHERE me.rolname = session_user
            """, cancellationToken: ct));
    }

    /// <summary>True when the server refuses to write: a standby, or a host whose disk is nearly full.</summary>
    public async Task<bool> IsReadOnlyAsync(CancellationToken ct = default)
    {
        await using var connection = await db.OpenAsync(ct);
        return await connection.ExecuteScalarAsync<bool>(new CommandDefinition("SELECT current_setting('transaction_read_only')::bool", cancellationToken: ct));
    }

    /// <summary>Names of the migrations that this program carries and the database has not seen.</summary>
    public async Task<IReadOnlyList<string>> ListPendingMigrationsAsync(CancellationToken ct = default)
    {
        await using var connection = await db.OpenAsync(ct);
        var done = await connection.QueryAsync<string>(new CommandDefinition("""
            SELECT name FROM public.schema_migrations
            """, cancellationToken: ct));
        return [.. Migrator.Migrations.Except(done, StringComparer.Ordinal)];
    }
}
