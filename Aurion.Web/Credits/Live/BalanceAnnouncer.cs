using System.Collections.Concurrent;
using Aurion.Data.Credits;

namespace Aurion.Web.Credits.Live;

/// <summary>Tells every node whose balance moved, many users at once and off the caller's path.</summary>
public sealed partial class BalanceAnnouncer(BalanceSignals signals, LowBalances low, ILogger<BalanceAnnouncer> logger) : BackgroundService
{
    // The first move is told at once; those that follow within this time go out together.
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(100);

    private readonly ConcurrentDictionary<Guid, byte> moved = new();
    private readonly SemaphoreSlim wake = new(0, 1);

    /// <summary>After a launch that left so much: also wakes whoever waits for a low balance.</summary>
    public void Announce(Guid userId, int available)
    {
        Announce(userId);
        low.Note(userId, available);
    }

    public void Announce(Guid userId)
    {
        if (!moved.TryAdd(userId, 0) || wake.CurrentCount > 0)
            return;
        try
        {
            wake.Release();
        }
        catch (SemaphoreFullException)
        {
            // Somebody woke it at the same moment.
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            await wake.WaitAsync(stoppingToken);
            var users = moved.Keys.ToArray();
            foreach (var user in users)
                moved.TryRemove(user, out _);
            try
            {
                await signals.AnnounceAsync(users, stoppingToken);
            }
            catch (Exception fault) when (!stoppingToken.IsCancellationRequested)
            {
                LogLost(fault, users.Length);
            }
            await Task.Delay(Gathering, stoppingToken);
        }
    }

    // The open pages show the right figure at their next poll or load.
    [LoggerMessage(LogLevel.Warning, "{Count} balance announcements were lost")]
    private partial void LogLost(Exception fault, int count);
}
