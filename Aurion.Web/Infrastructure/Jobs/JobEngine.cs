using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aurion.Web.Infrastructure.Jobs;

/// <summary>
/// What every engine has in common: it starts as soon as the database is there, and a storm of wake-ups is a set of names
/// here and one entry in the engine's store, at most twenty times a second.
/// </summary>
internal abstract partial class JobEngine(ILogger logger) : BackgroundService, IJobQueue, IHealthCheck
{
    private static readonly TimeSpan Breath = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<string, byte> woken = new(StringComparer.Ordinal);
    private readonly Channel<bool> bell = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public Task WakeAsync<TJob>(CancellationToken ct = default) where TJob : class, IJob
    {
        if (woken.TryAdd(typeof(TJob).Name, 0))
            bell.Writer.TryWrite(true);
        return Task.CompletedTask;
    }

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(Runs ? HealthCheckResult.Healthy("the job engine runs") : HealthCheckResult.Unhealthy("the job engine has not started"));

    protected abstract bool Runs { get; }

    protected abstract Task StartEngineAsync(CancellationToken ct);

    /// <summary>Leaves exactly one pending run of the job, also when one is running.</summary>
    protected abstract Task ScheduleAsync(string name, CancellationToken ct);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!await TryAsync(StartEngineAsync, stoppingToken))
            await Task.Delay(Patience, stoppingToken);
        await foreach (var _ in bell.Reader.ReadAllAsync(stoppingToken))
        {
            // What could not be scheduled is left to the job's own interval.
            await TryAsync(ScheduleWokenAsync, stoppingToken);
            await Task.Delay(Breath, stoppingToken);
        }
    }

    private async Task ScheduleWokenAsync(CancellationToken ct)
    {
        foreach (var name in woken.Keys)
        {
            woken.TryRemove(name, out _);
            await ScheduleAsync(name, ct);
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
            LogFailed(logger, exception.Message);
            return false;
        }
    }

    [LoggerMessage(LogLevel.Warning, "The job engine does not reach its tables, and goes on trying: {Reason}")]
    private static partial void LogFailed(ILogger logger, string reason);
}
