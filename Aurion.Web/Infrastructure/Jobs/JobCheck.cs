using Aurion.Data.Infrastructure;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aurion.Web.Infrastructure.Jobs;

/// <summary>Whether the schedule runs, and which jobs have failed within two of their intervals.</summary>
internal sealed class JobCheck(JobQueue queue, IReadOnlyList<RecurringJob> schedule, JobFailureStore failures) : IHealthCheck
{
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(2);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        // Whoever asks while it starts waits a moment: a start is no failure, which the log would tell.
        if (!queue.Started.IsCompleted && await Task.WhenAny(queue.Started, Task.Delay(StartPatience, cancellationToken)) != queue.Started)
            return HealthCheckResult.Unhealthy("the job engine has not started");
        try
        {
            var failing = await failures.CountRecentAsync([.. schedule.Select(job => job.Name)], [.. schedule.Select(job => 2 * job.Every)], cancellationToken);
            return failing.Count == 0
                ? HealthCheckResult.Healthy("the job engine runs")
                : HealthCheckResult.Degraded($"{string.Join(", ", failing.Select(job => $"{job.Job} failed for {job.Count}"))}; see /admin/jobs");
        }
        catch (Exception exception) when (DatabaseFaults.IsUnavailable(exception))
        {
            return HealthCheckResult.Unhealthy("the database does not answer");
        }
    }
}
