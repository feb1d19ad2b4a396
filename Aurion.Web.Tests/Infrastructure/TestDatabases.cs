using Aurion.Sandbox.Postgres;
using Aurion.Web.Infrastructure.Cli;
using Aurion.Web.Infrastructure.Database;
using Aurion.Web.Infrastructure.Settings;
using Dapper;
using Npgsql;

namespace Aurion.Web.Tests.Infrastructure;

/// <summary>One real PostgreSQL for the whole run; every app gets its own copy of one migrated database.</summary>
public static class TestDatabases
{
    private const string Template = "aurion_template";
    private static readonly Lazy<Task<PostgresServer>> Running = new(StartAsync);

    // Every database has the same schema: Dapper need not compile each query anew for each of them.
    static TestDatabases() => SqlMapper.ConnectionStringComparer = EqualityComparer<string>.Create((_, _) => true, _ => 0);

    public static Task<PostgresServer> ServerAsync() => Running.Value;

    /// <summary>The owner's connection string of a fresh, migrated database.</summary>
    public static async Task<string> CreateAsync(PostgresServer? own = null)
    {
        if (own is null)
            return await (await ServerAsync()).CreateDatabaseAsync(template: Template);
        var owner = await own.CreateDatabaseAsync();
        await MigrateAsync(owner);
        return owner;
    }

    public static async Task DropAsync(string owner)
    {
        NpgsqlConnection.ClearPool(new NpgsqlConnection(owner));
        await (await ServerAsync()).DropDatabaseAsync(new NpgsqlConnectionStringBuilder(owner).Database!);
    }

    /// <summary>How the application signs in to the same database.</summary>
    public static string AsApplication(string owner) =>
        new NpgsqlConnectionStringBuilder(owner) { Username = "aurion_web", Password = "web-password", MaxPoolSize = 20 }.ConnectionString;

    public static Task<int> MigrateAsync(string owner) =>
        new MigrateCommand(new OwnerOptions { ConnectionString = owner }, new DatabaseOptions { ConnectionString = AsApplication(owner) })
            .RunAsync(Verbs.Parse("migrate"), CancellationToken.None);

    private static async Task<PostgresServer> StartAsync()
    {
        var server = await TestPostgres.ServerAsync();
        await MigrateAsync(await server.CreateDatabaseAsync(Template) + ";Pooling=false");
        NpgsqlConnection.ClearAllPools();
        return server;
    }
}
