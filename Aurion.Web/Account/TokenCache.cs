using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;

namespace Aurion.Web.Account;

/// <summary>
/// Tokens that were checked a moment ago, so that a request needs neither signature nor database. An entry lasts a minute
/// at most and goes the instant its session ends; while this node cannot hear of endings, nothing is remembered.
/// </summary>
public sealed class TokenCache(TimeProvider clock)
{
    public const int Capacity = 20_000;

    private static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(60);

    private readonly ConcurrentDictionary<(UInt128, UInt128), Entry> entries = new();
    private volatile bool hearing;
    private long endings;
    private int added;

    /// <summary>Take this before asking the database; <see cref="Add"/> wants it back.</summary>
    public long Endings => Interlocked.Read(ref endings);

    public ClaimsPrincipal? Find(string token) =>
        hearing && entries.TryGetValue(Digest(token), out var entry) && clock.GetUtcNow() < entry.Until ? entry.User : null;

    /// <summary>Remembers a token unless any session ended since <paramref name="endingsBefore"/>: it may have been this one.</summary>
    public void Add(string token, ClaimsPrincipal user, Guid sessionId, DateTimeOffset expires, long endingsBefore)
    {
        if (!hearing)
            return;
        var until = clock.GetUtcNow() + MaxAge;
        var digest = Digest(token);
        var entry = new Entry(user, sessionId, until < expires ? until : expires);
        if (!entries.TryAdd(digest, entry))
            entries[digest] = entry;
        // Counted here, since the dictionary locks all of itself to count.
        else if (Interlocked.Increment(ref added) > Capacity)
        {
            entries.Clear();
            entries[digest] = entry;
            Interlocked.Exchange(ref added, 1);
        }
        // Checked after the write: an ending in between either removed the entry or is seen here.
        if (Endings != endingsBefore || !hearing)
            entries.TryRemove(digest, out _);
    }

    public void Forget(Guid sessionId)
    {
        Interlocked.Increment(ref endings);
        foreach (var (digest, entry) in entries)
            if (entry.SessionId == sessionId)
                entries.TryRemove(digest, out _);
    }

    /// <summary>Told by the listener when it hears of endings again, or no longer.</summary>
    public void Hear(bool on)
    {
        hearing = on;
        Interlocked.Increment(ref endings);
        entries.Clear();
    }

    private static (UInt128, UInt128) Digest(string token)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(token), hash);
        return (BinaryPrimitives.ReadUInt128BigEndian(hash), BinaryPrimitives.ReadUInt128BigEndian(hash[16..]));
    }

    private sealed record Entry(ClaimsPrincipal User, Guid SessionId, DateTimeOffset Until);
}
