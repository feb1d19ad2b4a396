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

    /// <summary>
    /// Serves users in batches, one statement each, until <paramref name="list"/> finds nobody or a batch changes nothing. A batch that
    /// fails is halved down to the users that it fails for: each is reported, and given to <paramref name="list"/> as an exception.
    /// What <paramref name="serve"/> returned, summed. Throws only what concerns everybody, such as a database that is away.
    /// </summary>
    public async Task<int> ServeBatchesAsync<TJob>(
        Func<IReadOnlyCollection<Guid>, Task<IReadOnlyList<Guid>>> list, Func<IReadOnlyList<Guid>, Task<int>> serve, CancellationToken ct) where TJob : IJob
    {
        ArgumentNullException.ThrowIfNull(list);
        ArgumentNullException.ThrowIfNull(serve);
        var failed = new HashSet<Guid>();
        var served = 0;
        while (await list(failed) is { Count: > 0 } batch)
        {
            var before = served + failed.Count;
            served += await ServeAsync([.. batch]);
            if (served + failed.Count == before)
                break;
        }
        return served;

        async Task<int> ServeAsync(Guid[] users)
        {
            try
            {
                return await serve(users);
            }
            catch (Exception fault) when (!ct.IsCancellationRequested && !DatabaseFaults.IsUnavailable(fault))
            {
                if (users.Length > 1)
                    return await ServeAsync(users[..(users.Length / 2)]) + await ServeAsync(users[(users.Length / 2)..]);
                failed.Add(users[0]);
                await ReportAsync<TJob>($"user {users[0]}", fault);
                return 0;
            }
        }
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
