using Aurion.Data.Credits;

namespace Aurion.Web.Credits;

/// <summary>The one listener of this process: hears whose balance moved, reads it once, hands it to every open stream.</summary>
public sealed partial class BalanceWatcher(
    BalanceSignals signals, BalanceStore balances, LiveBalances live, TimeProvider clock, ILogger<BalanceWatcher> logger)
    : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(KeepAsync(ListenAsync, stoppingToken), KeepAsync(ReadAsync, stoppingToken));

    private Task ListenAsync(CancellationToken ct) =>
        // What moved while nobody listened was not heard, so everybody is read again first.
        signals.ListenAsync(live.SignalAll, live.Signal, ct);

    private async Task ReadAsync(CancellationToken ct)
    {
        while (true)
        {
            var changed = await live.TakeChangedAsync(ct);
            try
            {
                foreach (var (userId, balance) in await balances.ListAsync(changed, ct))
                    live.Push(userId, balance);
            }
            catch
            {
                live.SignalAll();
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
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                return;
            }
            catch (Exception fault)
            {
                LogInterrupted(fault.GetType().Name, fault.Message);
                await Task.Delay(Pause, clock, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "Live balances are interrupted by {Fault}: {Reason}; trying again")]
    private partial void LogInterrupted(string fault, string reason);
}
