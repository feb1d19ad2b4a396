using System.Collections.Concurrent;
using System.Threading.Channels;
using Aurion.Data.Infrastructure;
using Hangfire;
using Hangfire.Common;
using Hangfire.PostgreSql;
using Hangfire.States;
using Hangfire.Storage;

namespace Aurion.Web.Infrastructure.Jobs;

/// <summary>
/// Wakes jobs, and keeps Hangfire's schedule equal to ours. A wake-up is only a hint: every job also runs at its own interval.
/// A storm of wake-ups is one more run of the job after the one in progress, or one entry in its queue.
/// </summary>
public sealed partial class JobQueue(
    IReadOnlyList<RecurringJob> schedule, JobTurns turns, PostgreSqlStorage storage, IRecurringJobManager recurring, IBackgroundJobClient client,
    JobSignals signals, TimeProvider clock, ILogger<JobQueue> logger) : BackgroundService
{
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LookAtTheClock = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Jump = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<Type, byte> woken = new();
    private readonly Channel<bool> bell = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly TaskCompletionSource started = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends when the schedule is written, which needs the database.</summary>
    internal Task Started => started.Task;

    /// <summary>Runs the job soon, on whichever node. Cheap, and any number of calls leave one pending run.</summary>
    public Task WakeAsync<TJob>(CancellationToken ct = default) where TJob : class, IJob
    {
        Wake(typeof(TJob));
        return Task.CompletedTask;
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(ServeAsync(stoppingToken), WatchClockAsync(stoppingToken), ListenAsync(stoppingToken));

    private void Wake(Type job)
    {
        if (!turns.TryAgain(job) && woken.TryAdd(job, 0))
            bell.Writer.TryWrite(true);
    }

    private async Task ServeAsync(CancellationToken ct)
    {
        while (!await TryAsync(WriteScheduleAsync))
            await Task.Delay(RetryAfter, ct);
        await foreach (var _ in bell.Reader.ReadAllAsync(ct))
        {
            while (!await TryAsync(EnqueueWokenAsync))
                await Task.Delay(RetryAfter, ct);
            await Task.Delay(Gathering, ct);
        }

        async Task<bool> TryAsync(Func<CancellationToken, Task> act)
        {
            try
            {
                await act(ct);
                return true;
            }
            catch (Exception fault) when (fault is not OperationCanceledException)
            {
                LogAway(fault.Message);
                return false;
            }
        }
    }

    private Task WriteScheduleAsync(CancellationToken ct)
    {
        using (var connection = storage.GetConnection())
            foreach (var former in connection.GetRecurringJobs().Where(known => schedule.All(job => job.Name != known.Id)))
                recurring.RemoveIfExists(former.Id);
        foreach (var job in schedule)
            recurring.AddOrUpdate(job.Name, RunOf(job), job.Cron, new RecurringJobOptions { MisfireHandling = MisfireHandlingMode.Relaxed });
        started.TrySetResult();
        foreach (var job in schedule.Where(job => job.AtStart))
            Wake(job.Type);
        return Task.CompletedTask;
    }

    private async Task EnqueueWokenAsync(CancellationToken ct)
    {
        var monitoring = storage.GetMonitoringApi();
        foreach (var job in schedule.Where(job => woken.TryRemove(job.Type, out _)))
            try
            {
                // What waits in the queue has not begun, so it sees whatever this wake-up is about.
                if (monitoring.EnqueuedCount(job.Queue) == 0)
                    client.Create(RunOf(job), new EnqueuedState(job.Queue));
            }
            catch
            {
                woken.TryAdd(job.Type, 0);
                throw;
            }
        await signals.AnnounceAsync(ct);
    }

    private static Job RunOf(RecurringJob job)
    {
        var type = typeof(JobRun<>).MakeGenericType(job.Type);
        return new Job(type, type.GetMethod(nameof(JobRun<IJob>.RunAsync))!, [CancellationToken.None], job.Queue);
    }

    // Hangfire's schedule follows the machine's clock. The sandbox moves ours by months: then everything may be due.
    private async Task WatchClockAsync(CancellationToken ct)
    {
        var (seen, at) = (clock.GetUtcNow(), clock.GetTimestamp());
        while (true)
        {
            await Task.Delay(LookAtTheClock, ct);
            var (now, stamp) = (clock.GetUtcNow(), clock.GetTimestamp());
            if ((now - seen - clock.GetElapsedTime(at, stamp)).Duration() > Jump)
                foreach (var job in schedule)
                    Wake(job.Type);
            (seen, at) = (now, stamp);
        }
    }

    // Hangfire's workers hear of what their own process enqueues, and look for the rest only now and then. Its long polling would
    // hold a connection for each worker; this holds one, and wakes a worker when another node has enqueued something.
    private async Task ListenAsync(CancellationToken ct)
    {
        var queue = (PostgreSqlJobQueue)storage.QueueProviders.GetProvider(schedule[0].Queue).GetJobQueue();
        while (true)
        {
            try
            {
                await signals.ListenAsync(queue.FetchNextJob, ct);
            }
            catch (Exception fault) when (!ct.IsCancellationRequested)
            {
                LogLostNotifications(fault.Message);
                await Task.Delay(RetryAfter, ct);
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "The job engine does not reach its tables, and goes on trying: {Reason}")]
    private partial void LogAway(string reason);

    [LoggerMessage(LogLevel.Warning, "Wake-ups of other nodes are not heard until the connection is back: {Reason}")]
    private partial void LogLostNotifications(string reason);
}
