using Quartz;

namespace Aurion.Web.Infrastructure.Jobs.Quartz;

/// <summary>Lets Quartz run one of our jobs, which know nothing of it. One run at a time over all nodes.</summary>
[DisallowConcurrentExecution]
internal sealed class QuartzJob<TJob>(TJob job) : global::Quartz.IJob where TJob : class, IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default) =>
        await job.RunAsync(cancellationToken);
}
