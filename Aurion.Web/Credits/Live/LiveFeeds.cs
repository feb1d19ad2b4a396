using System.Collections.Concurrent;
using System.Threading.Channels;
using Aurion.Data.Credits;

namespace Aurion.Web.Credits.Live;

/// <summary>
/// Every open stream of this process, and whose balance is to be read again. Many signals of one user become one reading,
/// and all users who moved meanwhile are read together.
/// </summary>
public sealed class LiveFeeds
{
    /// <summary>A browser keeps one stream per visible tab; more than this is not a person.</summary>
    public const int StreamsPerUser = 8;

    private readonly ConcurrentDictionary<Guid, LiveFeed[]> feeds = new();
    private readonly ConcurrentDictionary<Guid, byte> moved = new();
    private readonly Channel<bool> wake = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>The sign-ins that are watching, for those who may have missed that one ended.</summary>
    public IReadOnlyList<LiveFeed> Open => [.. feeds.Values.SelectMany(own => own)];

    /// <summary>Starts a stream with the balance of now, or returns null when the user has too many.</summary>
    public LiveFeed? Start(Guid userId, Guid? sessionId)
    {
        var feed = new LiveFeed(this, userId, sessionId);
        var own = feeds.AddOrUpdate(userId, [feed], (_, others) => others.Length < StreamsPerUser ? [.. others, feed] : others);
        if (!own.Contains(feed))
            return null;
        Signal(userId);
        return feed;
    }

    /// <summary>Notes that this user's balance moved; costs nothing when nobody watches.</summary>
    public void Signal(Guid userId)
    {
        if (!feeds.ContainsKey(userId))
            return;
        moved[userId] = 0;
        wake.Writer.TryWrite(true);
    }

    /// <summary>After signals may have been missed: everybody who watches is read again.</summary>
    public void SignalAll()
    {
        foreach (var userId in feeds.Keys)
            Signal(userId);
    }

    /// <summary>Waits until somebody's balance moved and takes all who moved by then.</summary>
    public async Task<Guid[]> TakeMovedAsync(CancellationToken ct)
    {
        while (true)
        {
            await wake.Reader.ReadAsync(ct);
            Guid[] taken = [.. moved.Keys.Where(userId => moved.TryRemove(userId, out _))];
            if (taken.Length > 0)
                return taken;
        }
    }

    public void Push(Guid userId, Balance balance)
    {
        foreach (var feed in feeds.GetValueOrDefault(userId, []))
            feed.Push(balance);
    }

    /// <summary>Ends the streams of a sign-in that is over.</summary>
    public void End(Guid sessionId)
    {
        foreach (var feed in Open.Where(feed => feed.SessionId == sessionId))
            feed.Dispose();
    }

    internal void Remove(LiveFeed feed)
    {
        while (feeds.TryGetValue(feed.UserId, out var own))
        {
            LiveFeed[] others = [.. own.Where(other => other != feed)];
            var gone = others.Length == 0
                ? feeds.TryRemove(new(feed.UserId, own))
                : feeds.TryUpdate(feed.UserId, others, own);
            if (gone)
                return;
        }
    }
}

/// <summary>One tab's stream of balances; disposing it ends it and frees its place.</summary>
public sealed class LiveFeed(LiveFeeds home, Guid userId, Guid? sessionId) : IDisposable
{
    // Only the newest balance matters: a slow reader skips the ones in between.
    private readonly Channel<Balance> balances = Channel.CreateBounded<Balance>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });

    public Guid UserId => userId;

    /// <summary>The sign-in that opened it; none for a token of another issuer, which ends by its expiry alone.</summary>
    public Guid? SessionId => sessionId;

    public ChannelReader<Balance> Balances => balances.Reader;

    public void Dispose()
    {
        balances.Writer.TryComplete();
        home.Remove(this);
    }

    internal void Push(Balance balance) => balances.Writer.TryWrite(balance);
}
