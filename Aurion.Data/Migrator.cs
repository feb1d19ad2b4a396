using System.Reflection;
using Dapper;
using Npgsql;

namespace Aurion.Data;

/// <summary>
/// Brings a database up to date: each file of sql/migrations once, in name order, then every file of sql/functions and finally
/// sql/privileges.sql again.
/// Any number of servers may call it at once; an advisory lock lets one work.
/// </summary>
public sealed class Migrator(string ownerConnectionString)
{
    private const long LockKey = 0x4155_5249_4f4e; // "AURION"

    /// <summary>Names of the embedded migrations, in order.</summary>
    public static IReadOnlyList<string> Migrations { get; } = Names("migrations");

    /// <summary>Returns the names of the migrations that were applied now.</summary>
    public async Task<IReadOnlyList<string>> MigrateAsync(CancellationToken ct = default)
    {
        await using var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(ownerConnectionString) { CommandTimeout = 0, Pooling = false });
        await using var connection = await source.OpenConnectionAsync(ct);
        await connection.ExecuteAsync("SELECT pg_advisory_lock(@LockKey)", new { LockKey });
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var (take, give) = await DefaultPrivilegesAsync(connection);
        await connection.ExecuteAsync(take);
        // A function may name another that a later file creates.
        await connection.ExecuteAsync("""
            SET LOCAL check_function_bodies = off;
            SET LOCAL client_min_messages = warning;
            CREATE TABLE IF NOT EXISTS public.schema_migrations (name text PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now());
            """);
        var done = (await connection.QueryAsync<string>("SELECT name FROM public.schema_migrations")).ToHashSet(StringComparer.Ordinal);
        var due = Migrations.Where(name => !done.Contains(name)).ToList();
        foreach (var name in due)
        {
            await RunAsync(connection, "migrations/" + name, ct);
            await connection.ExecuteAsync("INSERT INTO public.schema_migrations (name) VALUES (@name)", new { name });
        }
        await connection.ExecuteAsync(give);

        foreach (var name in Names("functions"))
            await RunAsync(connection, "functions/" + name, ct);
        await RunAsync(connection, "privileges", ct);
        await transaction.CommitAsync(ct);
        return due;
    }

    /// <summary>Creates or updates the login role of <paramref name="appConnectionString"/>, which owns nothing and cannot bypass row-level security.</summary>
    public async Task GrantApplicationRoleAsync(string appConnectionString, CancellationToken ct = default)
    {
        var app = new NpgsqlConnectionStringBuilder(appConnectionString);
        await using var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(ownerConnectionString) { Pooling = false });
        await using var connection = await source.OpenConnectionAsync(ct);
        await connection.ExecuteAsync("SELECT pg_advisory_lock(@LockKey)", new { LockKey });
        var statements = await connection.QuerySingleAsync<string>("""
            SELECT concat_ws('; ',
                CASE WHEN EXISTS (SELECT FROM pg_roles WHERE rolname = @role) THEN format('ALTER ROLE %I LOGIN PASSWORD %L', @role, @password)
                     ELSE format('CREATE ROLE %I LOGIN PASSWORD %L', @role, @password) END,
                CASE WHEN NOT pg_has_role(current_user, @database_owner, 'USAGE') THEN NULL
                     ELSE format('GRANT CONNECT ON DATABASE %I TO %I', current_database(), @role) END,
                format('GRANT aurion_service, authenticated TO %I', @role))
            """, new { role = app.Username, password = app.Password, database_owner = await OwnerAsync(connection) });
        await connection.ExecuteAsync(statements);
    }

    /// <summary>
    /// A Supabase project gives people everything on each new table: what takes that away, so that a table of ours is open as far as its
    /// migration says and no further, and what gives it back for the tables of others.
    /// </summary>
    private static Task<(string Take, string Give)> DefaultPrivilegesAsync(NpgsqlConnection connection) =>
        connection.QuerySingleAsync<(string, string)>("""
            SELECT coalesce(string_agg(format('ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE %s ON %s FROM %I', privilege, kind, role), '; '), 'SELECT 1'),
                   coalesce(string_agg(format('ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT %s ON %s TO %I', privilege, kind, role), '; '), 'SELECT 1')
              FROM (SELECT acl.privilege_type AS privilege, r.rolname AS role, CASE d.defaclobjtype WHEN 'r' THEN 'TABLES' ELSE 'SEQUENCES' END AS kind
                      FROM pg_default_acl d CROSS JOIN aclexplode(d.defaclacl) AS acl JOIN pg_roles r ON r.oid = acl.grantee
                     WHERE d.defaclrole = current_user::regrole AND d.defaclnamespace = 'public'::regnamespace
                       AND d.defaclobjtype IN ('r', 'S') AND r.rolname IN ('anon', 'authenticated')) AS given
            """);

    private static Task<string> OwnerAsync(NpgsqlConnection connection) =>
        connection.QuerySingleAsync<string>("SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = current_database()")!;

    private static async Task RunAsync(NpgsqlConnection connection, string name, CancellationToken ct)
    {
        await using var stream = typeof(Migrator).Assembly.GetManifestResourceStream(name + ".sql")!;
        using var reader = new StreamReader(stream);
        // The simple protocol: a file is many statements, and none has parameters.
        await using var command = new NpgsqlCommand(await reader.ReadToEndAsync(ct), connection);
        try
        {
            await command.ExecuteNonQueryAsync(ct);
        }
        catch (PostgresException fault)
        {
            throw new InvalidOperationException($"sql/{name}.sql failed: {fault.MessageText} {fault.Hint}", fault);
        }
    }

    private static List<string> Names(string folder) => [.. Assembly.GetExecutingAssembly().GetManifestResourceNames()
        .Where(n => n.StartsWith(folder + "/", StringComparison.Ordinal))
        .Select(n => n[(folder.Length + 1)..^".sql".Length])
        .Order(StringComparer.Ordinal)];
}
