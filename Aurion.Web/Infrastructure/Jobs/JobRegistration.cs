using Aurion.Data.Infrastructure;
using Aurion.Web.Infrastructure.Security;
using Aurion.Web.Infrastructure.Settings;
using Hangfire;
using Hangfire.AspNetCore;
using Hangfire.Dashboard;
using Hangfire.PostgreSql;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Options;

namespace Aurion.Web.Infrastructure.Jobs;

/// <summary>Hangfire with its storage in PostgreSQL, shared by every node.</summary>
public static class JobRegistration
{
    public const string Dashboard = "/hangfire";

    // Since when the job of a worker that was killed is free for another, which looks every 15 s; Hangfire's own figures are 30 and 10 minutes.
    private static readonly TimeSpan DeadAfter = TimeSpan.FromSeconds(20);

    public static void AddJobs(this WebApplicationBuilder builder, IReadOnlyList<RecurringJob> schedule)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(schedule);
        // A pool of its own: a storm of requests cannot starve the jobs, nor the jobs the requests. Small, since workers need a connection
        // only to take and to end a job, and the schedulers two each: Hangfire would open one for each worker at the start.
        var connection = builder.Settings<DatabaseOptions>().ConnectionString + ";Application Name=aurion-jobs;Minimum Pool Size=0;Maximum Pool Size=6";
        var services = builder.Services;
        services.AddSingleton(schedule);
        services.AddSingleton<JobTurns>();
        services.AddSingleton<JobFailures>();
        services.AddScoped(typeof(JobRun<>));
        foreach (var job in schedule)
            services.AddScoped(job.Type);

        services.AddSingleton(_ => StorageOf(connection, prepare: false));
        // Hangfire would take both from static properties: hosts that start together in one process would get each other's.
        services.AddSingleton<JobStorage>(provider => provider.GetRequiredService<PostgreSqlStorage>());
        services.AddSingleton<JobActivator, AspNetCoreJobActivator>();
        services.AddHangfire(configuration => configuration
            .SetDataCompatibilityLevel(CompatibilityLevel.Version_180)
            .UseSimpleAssemblyNameTypeSerializer()
            .UseRecommendedSerializerSettings());
        services.AddSingleton<JobQueue>();
        services.AddHostedService(provider => provider.GetRequiredService<JobQueue>());
        services.AddHangfireServer((provider, server) =>
        {
            var jobs = provider.GetRequiredService<IReadOnlyList<RecurringJob>>();
            server.Queues = [.. jobs.Select(job => job.Queue)];
            // Each job may be at work, and one worker is always left to take a wake-up.
            server.WorkerCount = jobs.Count + 1;
            // How soon what failed is tried again.
            server.SchedulePollingInterval = TimeSpan.FromSeconds(5);
            // What is still at work then is left to the next process; were it as long as the host waits, the host would end with a fault.
            server.ShutdownTimeout = 0.8 * provider.GetRequiredService<IOptions<HostOptions>>().Value.ShutdownTimeout;
        });
        services.AddHealthChecks().AddCheck<JobCheck>("jobs", timeout: TimeSpan.FromSeconds(3));
    }

    /// <summary>Hangfire's pages, for whom the policy lets in; to anybody else there is nothing here.</summary>
    public static void MapJobDashboard(this WebApplication app, string policy)
    {
        ArgumentNullException.ThrowIfNull(app);
        app.MapHangfireDashboard(Dashboard, new DashboardOptions
        {
            Authorization = [],
            AppPath = "/admin/jobs",
            DashboardTitle = "AURION",
            DisplayStorageConnectionString = false,
            StatsPollingInterval = (int)TimeSpan.FromSeconds(5).TotalMilliseconds,
            DisplayNameFunc = (_, job) => job.Type.IsGenericType ? job.Type.GenericTypeArguments[0].Name : job.Type.Name,
        }).Finally(endpoint =>
        {
            var serve = endpoint.RequestDelegate!;
            endpoint.RequestDelegate = async context =>
            {
                var asked = await context.RequestServices.GetRequiredService<IAuthorizationService>().AuthorizeAsync(context.User, policy);
                if (!asked.Succeeded)
                {
                    context.Response.StatusCode = StatusCodes.Status404NotFound;
                    return;
                }
                context.Features.Set(new InlineStyles());
                await serve(context);
            };
        });
    }

    /// <summary>Makes the engine's tables with the owner's connection.</summary>
    internal static void CreateTables(string ownerConnectionString) => _ = StorageOf(ownerConnectionString + ";Pooling=false", prepare: true);

    private static PostgreSqlStorage StorageOf(string connectionString, bool prepare)
    {
#pragma warning disable CS0618 // The overload that replaces it has a driver's type in its signature, and the web knows none.
        return new PostgreSqlStorage(connectionString, new PostgreSqlStorageOptions
        {
            SchemaName = JobSchema.Name,
            PrepareSchemaIfNecessary = prepare,
            UseSlidingInvisibilityTimeout = true,
            InvisibilityTimeout = DeadAfter,
            DistributedLockTimeout = 2 * DeadAfter,
        })
        {
            // A minute's run leaves a page of rows; the dashboard needs the last ones.
            JobExpirationTimeout = TimeSpan.FromHours(6),
        };
#pragma warning restore CS0618
    }
}
