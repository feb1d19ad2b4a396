using System.Collections.Frozen;
using System.Security.Cryptography;
using Microsoft.IdentityModel.Tokens;

namespace Aurion.Web.Account.Clerk;

/// <summary>
/// The keys of Clerk's tokens, fetched when one is unknown or they are old, and at most once in <see cref="Pause"/>: invented key ids
/// cost Clerk nothing. While Clerk is away the known ones go on.
/// </summary>
public sealed partial class ClerkKeys(ClerkClient clerk, TimeProvider clock, ILogger<ClerkKeys> logger) : IDisposable
{
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan MaxAge = TimeSpan.FromMinutes(5);

    private readonly SemaphoreSlim turn = new(1);
    private FrozenDictionary<string, SecurityKey> keys = FrozenDictionary<string, SecurityKey>.Empty;
    private DateTimeOffset fetchedAt;
    private DateTimeOffset triedAt;
    private Exception? lastFault;

    /// <summary>Null when Clerk publishes no such key. Throws when no key was ever had.</summary>
    public async Task<SecurityKey?> FindAsync(string id, CancellationToken ct)
    {
        if (keys.TryGetValue(id, out var known) && Since(fetchedAt) < MaxAge)
            return known;
        await TryFetchAsync(ct);
        if (keys.Count == 0)
            throw new ClerkAwayException("Clerk's keys were never had.", lastFault);
        return keys.GetValueOrDefault(id);
    }

    /// <summary>Whether Clerk answered a moment ago. Throws when it did not.</summary>
    public async Task ProveAsync(CancellationToken ct)
    {
        await TryFetchAsync(ct);
        if (lastFault is { } fault)
            throw new ClerkAwayException("Clerk does not answer.", fault);
    }

    public void Dispose() => turn.Dispose();

    private async Task TryFetchAsync(CancellationToken ct)
    {
        await turn.WaitAsync(ct);
        try
        {
            if (Since(triedAt) < Pause)
                return;
            triedAt = clock.GetUtcNow();
            var set = await clerk.GetKeysAsync(ct);
            keys = set.Keys.Where(key => key is { Kty: JsonWebAlgorithmsKeyTypes.RSA, Kid.Length: > 0 })
                .ToFrozenDictionary(key => key.Kid, PublicKey, StringComparer.Ordinal);
            (fetchedAt, lastFault) = (triedAt, null);
        }
        catch (Exception fault) when (fault is ClerkAwayException or FormatException or ArgumentException)
        {
            lastFault = fault;
            LogAway(fault.Message);
        }
        finally
        {
            turn.Release();
        }
    }

    // Of what is published nothing but the numbers counts: no certificate, no address, no other use.
    private static SecurityKey PublicKey(JsonWebKey key) => new RsaSecurityKey(new RSAParameters
    {
        Modulus = Base64UrlEncoder.DecodeBytes(key.N),
        Exponent = Base64UrlEncoder.DecodeBytes(key.E),
    })
    {
        KeyId = key.Kid,
    };

    // A clock that was set back must not make anything young for longer than it was.
    private TimeSpan Since(DateTimeOffset moment) => (clock.GetUtcNow() - moment).Duration();

    [LoggerMessage(LogLevel.Warning, "Clerk's keys could not be fetched: {Reason}")]
    private partial void LogAway(string reason);
}
