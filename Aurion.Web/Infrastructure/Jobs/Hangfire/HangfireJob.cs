using Hangfire;

namespace Aurion.Web.Infrastructure.Jobs.Hangfire;

/// <summary>Lets Hangfire run one of our jobs, which know nothing of it. One run at a time over all nodes; the interval retries.</summary>
public sealed class HangfireJob<TJob>(TJob job) where TJob : class, IJob
{
    [DisableConcurrentExecution(60)]
    [AutomaticRetry(Attempts = 0)]
    public Task RunAsync(CancellationToken ct) => job.RunAsync(ct);
}
