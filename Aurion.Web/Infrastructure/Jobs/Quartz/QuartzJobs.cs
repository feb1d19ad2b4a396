using Quartz;

namespace Aurion.Web.Infrastructure.Jobs.Quartz;

/// <summary>Turns a wake-up into one trigger, replaced and never added to; a job that is running runs once more after.</summary>
internal sealed class QuartzJobs(ISchedulerFactory factory, TimeProvider clock, ILogger<QuartzJobs> logger) : JobEngine(logger)
{
    private readonly Lock gate = new();
    private volatile IScheduler? scheduler;
    private Task? stopping;

    protected override bool Runs => scheduler?.Status == SchedulerStatus.Running;

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        // Whoever stops the host a second time waits for the same end, and takes nothing away from under it.
        lock (gate)
            stopping ??= scheduler?.Shutdown(waitForJobsToComplete: true, cancellationToken).AsTask() ?? Task.CompletedTask;
        await stopping;
    }

    protected override async Task StartEngineAsync(CancellationToken ct)
    {
        var built = await factory.GetScheduler(ct);
        await built.Start(ct);
        scheduler = built;
    }

    protected override async Task ScheduleAsync(string name, CancellationToken ct)
    {
        var trigger = TriggerBuilder.Create(clock).WithIdentity(name, "woken").ForJob(name).StartNow().Build();
        await scheduler!.ScheduleJob(trigger, ScheduleJobOptions.Replacing, ct);
    }
}
