using Hangfire;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Aurion.Web.Infrastructure.Jobs;

/// <summary>A job and the interval at which it runs even when nobody wakes it.</summary>
internal sealed record RecurringJob(Type Type, TimeSpan Every)
{
    public string Name => Type.Name;
}

public static class JobRegistration
{
    /// <summary>Features register their jobs; each runs at start, at its interval, and when woken. One that two features need is one job.</summary>
    public static void AddJob<TJob>(this WebApplicationBuilder builder, TimeSpan every) where TJob : class, IJob
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.TryAddScoped<TJob>();
        if (!builder.Services.Any(service => service.ImplementationInstance is RecurringJob job && job.Type == typeof(TJob)))
            builder.Services.AddSingleton(new RecurringJob(typeof(TJob), every));
    }

    /// <summary>The engine that runs them; after every feature.</summary>
    public static void AddJobEngine(this WebApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var jobs = builder.Services
            .Where(service => service.ServiceType == typeof(RecurringJob))
            .Select(service => (RecurringJob)service.ImplementationInstance!)
            .ToList();
        Hangfire.HangfireRegistration.AddHangfireJobs(builder, jobs);
    }

    /// <summary>The engine's own pages, for whom the policy lets in.</summary>
    public static void MapJobDashboard(this WebApplication app, string policy)
    {
        ArgumentNullException.ThrowIfNull(app);
        app.MapHangfireDashboardWithAuthorizationPolicy(policy);
    }

    /// <summary>Makes the engine's tables with the owner's connection.</summary>
    internal static Task CreateTablesAsync(string ownerConnectionString, CancellationToken ct) =>
        Hangfire.HangfireRegistration.CreateTablesAsync(ownerConnectionString);
}
