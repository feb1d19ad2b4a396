using System.Collections.Concurrent;

namespace Aurion.Web.Credits.Live;

/// <summary>
/// Wakes somebody when a launch leaves an account low: one look into memory, no question to the database. Each user is told
/// of once; the set is filled anew each minute, and whoever depends on it sweeps as well.
/// </summary>
public sealed class LowBalances(Func<Task> onLow, TimeProvider clock)
{
    private static readonly TimeSpan GoodFor = TimeSpan.FromSeconds(50);

    private ConcurrentDictionary<Guid, int> thresholds = new();
    private DateTimeOffset filledAt = DateTimeOffset.MinValue;

    public bool IsStale => clock.GetUtcNow() - filledAt >= GoodFor;

    public void Fill(IEnumerable<(Guid UserId, int Threshold)> all)
    {
        thresholds = new(all.Select(each => KeyValuePair.Create(each.UserId, each.Threshold)));
        filledAt = clock.GetUtcNow();
    }

    /// <summary>Somebody's settings have changed: fill again.</summary>
    public void Forget() => filledAt = DateTimeOffset.MinValue;

    public void Note(Guid userId, int left)
    {
        if (thresholds.TryGetValue(userId, out var threshold) && left < threshold && thresholds.TryRemove(userId, out _))
            _ = onLow();
    }
}
