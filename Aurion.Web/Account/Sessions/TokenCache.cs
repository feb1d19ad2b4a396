using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace Aurion.Web.Account.Sessions;

/// <summary>
/// Tokens that were validated a moment ago, so that a request needs neither signature nor database. An entry lasts a minute
/// at most and is removed when its session is revoked; while this node cannot hear of revocations, nothing is cached.
/// </summary>
public sealed class TokenCache(TimeProvider clock)
{
    /// <summary>How many tokens are cached at most. The older half goes when the younger half is full.</summary>
    public const int Capacity = 64_000;

    private static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(60);

    private volatile ConcurrentDictionary<(UInt128, UInt128), Entry> young = new();
    private volatile ConcurrentDictionary<(UInt128, UInt128), Entry> old = new();
    private volatile bool enabled;
    private long revocations;
    private int added;

    /// <summary>How many revocations were heard; read it before asking the database and pass it to <see cref="Add"/>.</summary>
    public long Revocations => Interlocked.Read(ref revocations);

    public TokenHolder? Find(string token)
    {
        if (!enabled)
            return null;
        var digest = Digest(token);
        return (young.TryGetValue(digest, out var entry) || old.TryGetValue(digest, out entry)) && clock.GetUtcNow() < entry.Until ? entry.Holder : null;
    }

    /// <summary>Caches a token unless any session was revoked since <paramref name="revocationsBefore"/>: it may have been this one.</summary>
    public void Add(string token, TokenHolder holder, DateTimeOffset expires, long revocationsBefore)
    {
        if (!enabled)
            return;
        var until = clock.GetUtcNow() + MaxAge;
        var digest = Digest(token);
        var entries = young;
        // Counted here, since the dictionary locks all of itself to count.
        if (Interlocked.Increment(ref added) == Capacity / 2 + 1)
        {
            Interlocked.Exchange(ref added, 1);
            (old, young) = (entries, entries = new());
        }
        entries[digest] = new Entry(holder, until < expires ? until : expires);
        // Checked after the write: a revocation in between either removed the entry or is seen here.
        if (Revocations != revocationsBefore || !enabled)
            entries.TryRemove(digest, out _);
    }

    /// <summary>Removes the tokens of sessions that ended.</summary>
    public void Remove(IReadOnlyCollection<Guid> sessionIds)
    {
        if (sessionIds.Count == 0)
            return;
        Interlocked.Increment(ref revocations);
        foreach (var entries in (ConcurrentDictionary<(UInt128, UInt128), Entry>[])[young, old])
            foreach (var (digest, entry) in entries)
                if (sessionIds.Contains(entry.Holder.SessionId))
                    entries.TryRemove(digest, out _);
    }

    /// <summary>The listener turns the cache on while it hears of revocations, and off when its connection is lost.</summary>
    public void Enable(bool on)
    {
        enabled = on;
        Interlocked.Increment(ref revocations);
        (young, old) = (new(), new());
    }

    private static (UInt128, UInt128) Digest(string token)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(token), hash);
        return (BinaryPrimitives.ReadUInt128BigEndian(hash), BinaryPrimitives.ReadUInt128BigEndian(hash[16..]));
    }

    private sealed record Entry(TokenHolder Holder, DateTimeOffset Until);
}
