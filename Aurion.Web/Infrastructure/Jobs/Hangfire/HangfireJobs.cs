using System.Globalization;
using Hangfire;
using Hangfire.Common;
using Hangfire.States;

namespace Aurion.Web.Infrastructure.Jobs.Hangfire;

/// <summary>Gives each job its own queue, so that one pending wake-up can be seen and is not doubled.</summary>
internal sealed class HangfireJobs(
    IReadOnlyList<RecurringJob> jobs, JobStorage storage, IRecurringJobManager recurring, IBackgroundJobClient client, ILogger<HangfireJobs> logger)
    : JobEngine(logger)
{
    private volatile bool started;

    protected override bool Runs => started;

    public static string QueueOf(string name) => name.ToLowerInvariant();

    protected override Task StartEngineAsync(CancellationToken ct)
    {
        foreach (var job in jobs)
        {
            recurring.AddOrUpdate(job.Name, Run(job), Cron(job.Every), new RecurringJobOptions { MisfireHandling = MisfireHandlingMode.Relaxed });
            client.Create(Run(job), new EnqueuedState(QueueOf(job.Name)));
        }
        started = true;
        return Task.CompletedTask;
    }

    protected override Task ScheduleAsync(string name, CancellationToken ct)
    {
        // A run that was fetched is no longer in the queue, so what is waiting there starts after this moment.
        if (storage.GetMonitoringApi().EnqueuedCount(QueueOf(name)) == 0)
            client.Create(Run(jobs.Single(job => job.Name == name)), new EnqueuedState(QueueOf(name)));
        return Task.CompletedTask;
    }

    private static Job Run(RecurringJob job)
    {
        var type = typeof(HangfireJob<>).MakeGenericType(job.Type);
        return new Job(type, type.GetMethod(nameof(HangfireJob<IJob>.RunAsync))!, [CancellationToken.None], QueueOf(job.Name));
    }

    // Hangfire counts in minutes, hours and days.
    private static string Cron(TimeSpan every) => every switch
    {
        { TotalMinutes: < 60 } => string.Create(CultureInfo.InvariantCulture, $"*/{Math.Max(1, (int)every.TotalMinutes)} * * * *"),
        { TotalHours: < 24 } => string.Create(CultureInfo.InvariantCulture, $"0 */{(int)every.TotalHours} * * *"),
        _ => "0 3 * * *",
    };
}
