using Aurion.Data.Credits;
using Aurion.Data.Infrastructure;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Aurion.Data;

public static class DataRegistration
{
    /// <summary>Registers the database and every store. <paramref name="connectionString"/> signs in as the application's role, and so does <paramref name="direct"/>, for whoever listens; when empty it is the same.</summary>
    public static IServiceCollection AddAurionData(this IServiceCollection services, string connectionString, string direct = "")
    {
        DapperConventions.Apply();
        services.AddSingleton(_ => Connect(connectionString));
        services.AddSingleton(_ => new DedicatedSources(
            // The pool hands out its connections in turn: a lane's statement on each of many would find each of them cold.
            Connect(connectionString, settings => (settings.MinPoolSize, settings.MaxPoolSize) = (0, 3)),
            // A plan that is made anew for each group takes longer than the reading, and so does compiling it.
            Connect(connectionString, settings => (settings.MinPoolSize, settings.MaxPoolSize) = (0, 3), "SET plan_cache_mode = force_generic_plan; SET jit = off"),
            Connect(direct.Length > 0 ? direct : connectionString, settings => (settings.Pooling, settings.ApplicationName) = (false, "aurion listener"))));
        services.AddSingleton<Database>();
        services.AddSingleton<BalanceSignals>();
        services.AddSingleton<JobSignals>();
        foreach (var store in typeof(DataRegistration).Assembly.GetTypes().Where(t => t.IsPublic && t.Name.EndsWith("Store", StringComparison.Ordinal)))
            services.AddSingleton(store);
        return services;
    }

    private static NpgsqlDataSource Connect(string connectionString, Action<NpgsqlConnectionStringBuilder>? own = null, string? opening = null)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString)
        {
            ApplicationName = "aurion",
            // Nothing is left to reset: what a statement sets, it sets until the end of its transaction, and who listens does so on a
            // connection of its own. A reset is seven statements more for each reading, parsed anew each time.
            NoResetOnClose = true,
        };
        // Few backends whose caches are warm serve a crowd sooner than many cold ones; whoever finds none free waits his turn.
        if (!settings.ShouldSerialize("Maximum Pool Size"))
            settings.MaxPoolSize = Math.Max(16, settings.MinPoolSize);
        // Prepared by the driver once used a few times; 0 in the connection string switches it off behind PgBouncer.
        if (!settings.ShouldSerialize("Max Auto Prepare"))
            settings.MaxAutoPrepare = 64;
        own?.Invoke(settings);
        var builder = new NpgsqlDataSourceBuilder(settings.ConnectionString);
        if (opening is not null)
            builder.UsePhysicalConnectionInitializer(connection => connection.Execute(opening), connection => connection.ExecuteAsync(opening));
        return builder.Build();
    }

    /// <summary>The server that a connection string names; an <see cref="ArgumentException"/> when it is none.</summary>
    public static string? HostOf(string connectionString) => new NpgsqlConnectionStringBuilder(connectionString).Host;
}
