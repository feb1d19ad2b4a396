using System.Collections.Concurrent;
using Aurion.Data.Infrastructure;

namespace Aurion.Web.Infrastructure.Jobs;

/// <summary>
/// Where a job says which row it could not serve while it goes on with the others. Operators find it at /admin/jobs, and
/// /health/ready counts what failed within the last two intervals of its job.
/// </summary>
public sealed partial class JobFailures(JobFailureStore store, ILogger<JobFailures> logger)
{
    // The subject of a run that failed as a whole.
    private const string WholeRun = "";

    // A run that goes well is the rule: whether there is anything to clear is known without asking, but for the first time.
    private readonly ConcurrentDictionary<Type, bool> clean = new();

    /// <summary>One row failed: <paramref name="subject"/> is its id, such as <c>user 0198…</c>. Never throws, so that the others are served.</summary>
    public Task ReportAsync<TJob>(string subject, Exception fault) where TJob : IJob
    {
        ArgumentException.ThrowIfNullOrEmpty(subject);
        ArgumentNullException.ThrowIfNull(fault);
        LogRow(fault, typeof(TJob).Name, subject);
        return KeepAsync(typeof(TJob), subject, fault);
    }

    internal Task ReportRunAsync(Type job, Exception fault)
    {
        LogRun(fault, job.Name);
        clean[job] = false;
        return KeepAsync(job, WholeRun, fault);
    }

    internal async Task ClearRunAsync(Type job, CancellationToken ct)
    {
        if (clean.TryGetValue(job, out var already) && already)
            return;
        await store.RemoveAsync(job.Name, WholeRun, ct);
        clean[job] = true;
    }

    private async Task KeepAsync(Type job, string subject, Exception fault)
    {
        try
        {
            await store.ReportAsync(job.Name, subject, $"{fault.GetType().Name}: {fault.Message}", CancellationToken.None);
        }
        catch (Exception lost) when (DatabaseFaults.IsUnavailable(lost))
        {
            // The log has it.
        }
    }

    [LoggerMessage(LogLevel.Warning, "{Job} could not serve {Subject} and goes on with the others")]
    private partial void LogRow(Exception fault, string job, string subject);

    [LoggerMessage(LogLevel.Warning, "{Job} failed and will be run again")]
    private partial void LogRun(Exception fault, string job);
}
