using Aurion.Data.Credits;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Aurion.Data;

public static class DataRegistration
{
    /// <summary>Registers the database and every store. <paramref name="connectionString"/> signs in as the application's role.</summary>
    public static IServiceCollection AddAurionData(this IServiceCollection services, string connectionString)
    {
        DapperConventions.Apply();
        services.AddSingleton(_ => Connect(connectionString));
        services.AddSingleton(_ => new LaneSource(Connect(connectionString, lanes: 3)));
        services.AddSingleton<Database>();
        services.AddSingleton<BalanceSignals>();
        foreach (var store in typeof(DataRegistration).Assembly.GetTypes().Where(t => t.IsPublic && t.Name.EndsWith("Store", StringComparison.Ordinal)))
            services.AddSingleton(store);
        return services;
    }

    private static NpgsqlDataSource Connect(string connectionString, int? lanes = null)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString) { ApplicationName = "aurion" };
        // The pool hands out its connections in turn: a lane's statement on each of a hundred would find each of them cold.
        if (lanes is { } few)
            (settings.MinPoolSize, settings.MaxPoolSize) = (0, few);
        // Prepared by the driver once used a few times; 0 in the connection string switches it off behind PgBouncer.
        if (!settings.ShouldSerialize("Max Auto Prepare"))
            settings.MaxAutoPrepare = 64;
        return new NpgsqlDataSourceBuilder(settings.ConnectionString).Build();
    }

    /// <summary>The server that a connection string names; an <see cref="ArgumentException"/> when it is none.</summary>
    public static string? HostOf(string connectionString) => new NpgsqlConnectionStringBuilder(connectionString).Host;
}
