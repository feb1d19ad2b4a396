using System.Collections.Concurrent;
using System.Threading.Channels;
using Aurion.Data.Credits;

namespace Aurion.Web.Credits;

/// <summary>
/// Every open stream of this process, and who is waiting for a new balance. Many signals of one user become one
/// reading, and all users who changed meanwhile are read together.
/// </summary>
public sealed class LiveBalances
{
    /// <summary>A browser keeps one stream per visible tab; more than this is not a person.</summary>
    public const int StreamsPerUser = 8;

    private readonly ConcurrentDictionary<Guid, ConcurrentDictionary<Channel<Balance>, byte>> streams = new();
    private readonly ConcurrentDictionary<Guid, byte> changed = new();
    private readonly Channel<bool> wake = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>Opens a stream that starts with the balance of now, or returns null when the user has too many.</summary>
    public LiveFeed? Open(Guid userId)
    {
        // Only the newest balance matters: a slow reader skips the ones in between.
        var channel = Channel.CreateBounded<Balance>(
            new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });
        lock (streams)
        {
            var own = streams.GetOrAdd(userId, _ => new());
            if (own.Count >= StreamsPerUser)
                return null;
            own[channel] = 0;
        }

        Signal(userId);
        return new LiveFeed(channel.Reader, () => Close(userId, channel));
    }

    /// <summary>Notes that this user's balance moved; costs nothing when nobody watches.</summary>
    public void Signal(Guid userId)
    {
        if (!streams.ContainsKey(userId))
            return;
        changed[userId] = 0;
        wake.Writer.TryWrite(true);
    }

    /// <summary>After signals may have been missed: everybody who watches is read again.</summary>
    public void SignalAll()
    {
        foreach (var userId in streams.Keys)
            changed[userId] = 0;
        wake.Writer.TryWrite(true);
    }

    /// <summary>Waits until somebody's balance moved and takes all who wait by then.</summary>
    public async Task<Guid[]> TakeChangedAsync(CancellationToken ct)
    {
        while (true)
        {
            await wake.Reader.ReadAsync(ct);
            Guid[] taken = [.. changed.Keys.Where(userId => changed.TryRemove(userId, out _))];
            if (taken.Length > 0)
                return taken;
        }
    }

    public void Push(Guid userId, Balance balance)
    {
        if (!streams.TryGetValue(userId, out var own))
            return;
        foreach (var channel in own.Keys)
            channel.Writer.TryWrite(balance);
    }

    private void Close(Guid userId, Channel<Balance> channel)
    {
        channel.Writer.TryComplete();
        lock (streams)
        {
            if (streams.TryGetValue(userId, out var own) && own.TryRemove(channel, out _) && own.IsEmpty)
                streams.TryRemove(userId, out _);
        }
    }
}

/// <summary>One tab's stream; disposing it frees its place.</summary>
public sealed class LiveFeed(ChannelReader<Balance> balances, Action close) : IDisposable
{
    public ChannelReader<Balance> Balances => balances;

    public void Dispose() => close();
}
