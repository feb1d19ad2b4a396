using Aurion.Data.Infrastructure;
using Aurion.Web.Infrastructure.Settings;
using Hangfire;
using Hangfire.PostgreSql;
using Hangfire.PostgreSql.Factories;

namespace Aurion.Web.Infrastructure.Jobs.Hangfire;

/// <summary>Hangfire with its storage in PostgreSQL, shared by every node.</summary>
internal static class HangfireRegistration
{
    public static void AddHangfireJobs(WebApplicationBuilder builder, IReadOnlyList<RecurringJob> jobs)
    {
        // A pool of its own: a storm of requests cannot starve the jobs, nor the jobs the requests.
        var connection = builder.Settings<DatabaseOptions>().ConnectionString + ";Application Name=aurion-jobs;Maximum Pool Size=20";
        builder.Services.AddHangfire(configuration => configuration
            .SetDataCompatibilityLevel(CompatibilityLevel.Version_180)
            .UseSimpleAssemblyNameTypeSerializer()
            .UseRecommendedSerializerSettings()
            .UsePostgreSqlStorage(storage => storage.UseNpgsqlConnection(connection), Storage(prepare: false)));
        builder.Services.AddHangfireServer(server =>
        {
            server.Queues = [.. jobs.Select(job => HangfireJobs.QueueOf(job.Name))];
            server.WorkerCount = Math.Max(2, jobs.Count);
        });
        builder.Services.AddScoped(typeof(HangfireJob<>));
        builder.Services.AddSingleton(services => ActivatorUtilities.CreateInstance<HangfireJobs>(services, jobs));
        builder.Services.AddSingleton<IJobQueue>(services => services.GetRequiredService<HangfireJobs>());
        builder.Services.AddHostedService(services => services.GetRequiredService<HangfireJobs>());
        builder.Services.AddHealthChecks().AddCheck<HangfireJobs>("jobs");
    }

    public static Task CreateTablesAsync(string ownerConnectionString)
    {
        var options = Storage(prepare: true);
        // The storage makes its tables when it is built.
        _ = new PostgreSqlStorage(new NpgsqlConnectionFactory(ownerConnectionString + ";Pooling=false", options), options);
        return Task.CompletedTask;
    }

    private static PostgreSqlStorageOptions Storage(bool prepare) => new()
    {
        SchemaName = JobSchema.Name,
        PrepareSchemaIfNecessary = prepare,
        EnableLongPolling = true,
        UseSlidingInvisibilityTimeout = true,
    };
}
