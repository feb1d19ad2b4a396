using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Quartz;

namespace Aurion.Web.Infrastructure.Jobs.Quartz;

/// <summary>
/// Starts the scheduler as soon as the database is there, and turns wake-ups into triggers. A storm of wake-ups is a set of
/// names here and a single trigger in the store, replaced and never added to; a woken job that is running runs once more after.
/// </summary>
internal sealed partial class QuartzJobs(ISchedulerFactory factory, TimeProvider clock, ILogger<QuartzJobs> logger) : BackgroundService, IJobQueue, IHealthCheck
{
    private static readonly TimeSpan Breath = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<string, byte> woken = new(StringComparer.Ordinal);
    private readonly Channel<bool> bell = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private volatile IScheduler? scheduler;

    public Task WakeAsync<TJob>(CancellationToken ct = default) where TJob : class, IJob
    {
        if (woken.TryAdd(typeof(TJob).Name, 0))
            bell.Writer.TryWrite(true);
        return Task.CompletedTask;
    }

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(scheduler?.Status == SchedulerStatus.Running
            ? HealthCheckResult.Healthy("the scheduler runs")
            : HealthCheckResult.Unhealthy("the scheduler has not started"));

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        if (scheduler is { } running)
            await running.Shutdown(waitForJobsToComplete: true, cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!await TryAsync(StartAsync, stoppingToken))
            await Task.Delay(Patience, stoppingToken);
        await foreach (var _ in bell.Reader.ReadAllAsync(stoppingToken))
        {
            // What could not be scheduled is left to the job's own interval.
            await TryAsync(ScheduleWokenAsync, stoppingToken);
            await Task.Delay(Breath, stoppingToken);
        }

        async Task StartAsync(CancellationToken ct)
        {
            var built = await factory.GetScheduler(ct);
            await built.Start(ct);
            scheduler = built;
        }
    }

    private async Task ScheduleWokenAsync(CancellationToken ct)
    {
        foreach (var name in woken.Keys)
        {
            woken.TryRemove(name, out _);
            var trigger = TriggerBuilder.Create(clock).WithIdentity(name, "woken").ForJob(name).StartNow().Build();
            await scheduler!.ScheduleJob(trigger, ScheduleJobOptions.Replacing, ct);
        }
    }

    private async Task<bool> TryAsync(Func<CancellationToken, Task> act, CancellationToken ct)
    {
        try
        {
            await act(ct);
            return true;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            LogFailed(exception.Message);
            return false;
        }
    }

    [LoggerMessage(LogLevel.Warning, "The job engine does not reach its tables, and goes on trying: {Reason}")]
    private partial void LogFailed(string reason);
}
