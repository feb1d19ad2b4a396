using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;

namespace Aurion.Web.Account.Sessions;

/// <summary>
/// Tokens that were validated a moment ago, so that a request needs neither signature nor database. An entry lasts a minute
/// at most and is removed when its session is revoked; while this node cannot hear of revocations, nothing is cached.
/// </summary>
public sealed class TokenCache(TimeProvider clock)
{
    public const int Capacity = 20_000;

    private static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(60);

    private readonly ConcurrentDictionary<(UInt128, UInt128), Entry> entries = new();
    private volatile bool enabled;
    private long revocations;
    private int added;

    /// <summary>How many revocations were heard; read it before asking the database and pass it to <see cref="Add"/>.</summary>
    public long Revocations => Interlocked.Read(ref revocations);

    public ClaimsPrincipal? Find(string token) =>
        enabled && entries.TryGetValue(Digest(token), out var entry) && clock.GetUtcNow() < entry.Until ? entry.User : null;

    /// <summary>Caches a token unless any session was revoked since <paramref name="revocationsBefore"/>: it may have been this one.</summary>
    public void Add(string token, ClaimsPrincipal user, Guid sessionId, DateTimeOffset expires, long revocationsBefore)
    {
        if (!enabled)
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
        foreach (var (digest, entry) in entries)
            if (sessionIds.Contains(entry.SessionId))
                entries.TryRemove(digest, out _);
    }

    /// <summary>The listener turns the cache on while it hears of revocations, and off when its connection is lost.</summary>
    public void Enable(bool on)
    {
        enabled = on;
        Interlocked.Increment(ref revocations);
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
