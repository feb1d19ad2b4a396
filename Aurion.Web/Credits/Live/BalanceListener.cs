using Aurion.Data.Credits;

namespace Aurion.Web.Credits.Live;

/// <summary>The one listener of this process: hears whose balance moved, reads it once, hands it to every open stream.</summary>
public sealed partial class BalanceListener(
    BalanceSignals signals, BalanceStore balances, LiveFeeds live, TimeProvider clock, ILogger<BalanceListener> logger)
    : BackgroundService
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(KeepAsync(ListenAsync, stoppingToken), KeepAsync(ReadAsync, stoppingToken));

    private async Task ListenAsync(CancellationToken ct)
    {
        try
        {
            await signals.ListenAsync(CatchUpAsync, Signal, live.End, ct);
        }
        catch (TimeoutException)
        {
            // Behind a transaction pooler no notification arrives: each attempt to listen reads everybody.
            await CatchUpAsync();
            throw;
        }
    }

    private void Signal(Guid userId)
    {
        if (userId == BalanceSignals.Everybody)
            live.SignalAll();
        else
            live.Signal(userId);
    }

    // What happened while nobody listened was not heard: everybody is read again, and sign-ins that ended are let go.
    private async Task CatchUpAsync()
    {
        live.SignalAll();
        LiveFeed[] known = [.. live.Open.Where(feed => feed.SessionId is not null)];
        foreach (var ended in await signals.ListEndedAsync([.. known.Select(feed => feed.UserId)], [.. known.Select(feed => feed.SessionId!.Value)]))
            live.End(ended);
    }

    private async Task ReadAsync(CancellationToken ct)
    {
        while (true)
        {
            var moved = await live.TakeMovedAsync(ct);
            try
            {
                foreach (var (userId, balance) in await balances.ListAsync(moved, ct))
                    live.Push(userId, balance);
            }
            catch
            {
                Array.ForEach(moved, live.Signal);
                throw;
            }
        }
    }

    // PostgreSQL may restart under us; the streams stay open and go on afterwards.
    private async Task KeepAsync(Func<CancellationToken, Task> work, CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            try
            {
                await work(ct);
            }
            catch (Exception fault) when (!ct.IsCancellationRequested)
            {
                LogInterrupted(fault.Message);
                await Task.Delay(RetryAfter, clock, ct);
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "Live balances wait for the database: {Reason}")]
    private partial void LogInterrupted(string reason);
}
