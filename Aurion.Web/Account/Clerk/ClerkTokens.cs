using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Aurion.Web.Account.Clerk;

/// <summary>What a token of Clerk's says: its user, the session where it names one, and the address where a template adds it.</summary>
public sealed record ClerkToken(string Subject, string? SessionId, DateTimeOffset ExpiresAt);

/// <summary>Why a token is not believed.</summary>
public enum ClerkTokenFault
{
    None,
    Unreadable,
    Algorithm,
    Header,
    Category,
    UnknownKey,
    Signature,
    Issuer,
    Expired,
    NotYetValid,
    NoExpiry,
    Subject,
    Party,
    Audience,
    Session,
    Pending,
}

/// <summary>
/// Which tokens of Clerk's are believed: session tokens of both versions, which have no audience, and those of the JWT template of
/// README, whose audience is "authenticated". RS256 alone, by a key that Clerk publishes, for a party that is ours.
/// </summary>
/// <remarks>https://clerk.com/docs/guides/sessions/manual-jwt-verification</remarks>
public sealed partial class ClerkTokens(ClerkOptions options, ClerkKeys keys, SiteOptions site, TimeProvider clock, ILogger<ClerkTokens> logger)
{
    private const string Audience = "authenticated";

    // The classes of tokens that one key signs; some instances mark none.
    private const string SessionCategory = "cl_B7d4PD111AAA";
    private const string TemplateCategory = "cl_B7d4PD222AAA";
    private const string NoCategory = "cl_I7d4PD111III";

    private const int LongestToken = 16 * 1024;

    // What Clerk's own packages forgive.
    private static readonly TimeSpan Skew = TimeSpan.FromSeconds(5);
    private static readonly string[] ForeignHeaders = ["crit", "jku", "jwk", "x5u", "x5c", "x5t", "x5t#S256", "zip", "b64"];

    private readonly JsonWebTokenHandler handler = new() { MapInboundClaims = false, MaximumTokenSizeInBytes = LongestToken };
    private readonly HashSet<string> parties = new(
        options.AuthorizedParties.Count > 0 ? options.AuthorizedParties.Select(party => party.TrimEnd('/')) : [site.PublicOrigin], StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether Clerk claims to have issued it; nothing is proven by that.</summary>
    public bool IsClaimed(string token) => options.IsOn && Read(token)?.Issuer == options.Issuer;

    /// <summary>The token, or why it is not believed.</summary>
    public async Task<(ClerkToken? Token, ClerkTokenFault Fault)> ValidateAsync(string token, CancellationToken ct)
    {
        var (jwt, fault) = await CheckSignatureAsync(token, ct);
        if (fault is ClerkTokenFault.None)
            fault = ClaimsFault(jwt!);
        if (fault is ClerkTokenFault.None)
            return (new(jwt!.Subject, Text(jwt, "sid"), new DateTimeOffset(jwt.ValidTo)), fault);
        LogRefused(fault);
        return (null, fault);
    }

    /// <summary>The cookies that a handshake hands over, as Set-Cookie lines; null when Clerk did not sign it.</summary>
    public async Task<IReadOnlyList<string>?> ReadHandshakeAsync(string token, CancellationToken ct)
    {
        var (jwt, fault) = await CheckSignatureAsync(token, ct);
        // A template's token could carry a claim of this name that somebody else wrote.
        if (fault is not ClerkTokenFault.None || Category(jwt!) is TemplateCategory || !jwt!.TryGetPayloadValue<string[]>("handshake", out var directives))
            return null;
        return directives;
    }

    private async Task<(JsonWebToken? Token, ClerkTokenFault Fault)> CheckSignatureAsync(string token, CancellationToken ct)
    {
        if (Read(token) is not { } jwt)
            return (null, ClerkTokenFault.Unreadable);
        if (jwt.Alg != SecurityAlgorithms.RsaSha256)
            return (jwt, ClerkTokenFault.Algorithm);
        if ((jwt.Typ is { Length: > 0 } type && type != "JWT") || ForeignHeaders.Any(name => jwt.TryGetHeaderValue<object>(name, out _)))
            return (jwt, ClerkTokenFault.Header);
        if (Category(jwt) is not (null or SessionCategory or TemplateCategory or NoCategory))
            return (jwt, ClerkTokenFault.Category);
        if (string.IsNullOrEmpty(jwt.Kid) || await keys.FindAsync(jwt.Kid, ct) is not { } key)
            return (jwt, ClerkTokenFault.UnknownKey);

        var signed = await handler.ValidateTokenAsync(jwt, new TokenValidationParameters
        {
            IssuerSigningKey = key,
            TryAllIssuerSigningKeys = false,
            ValidAlgorithms = [SecurityAlgorithms.RsaSha256],
            // The claims have reasons of their own, which are looked at next.
            ValidateIssuer = false,
            ValidateAudience = false,
            ValidateLifetime = false,
        });
        return (jwt, signed.IsValid ? ClerkTokenFault.None : ClerkTokenFault.Signature);
    }

    private ClerkTokenFault ClaimsFault(JsonWebToken jwt)
    {
        var now = clock.GetUtcNow();
        if (jwt.Issuer != options.Issuer)
            return ClerkTokenFault.Issuer;
        if (Time(jwt, "exp") is not { } expires)
            return ClerkTokenFault.NoExpiry;
        if (now >= expires + Skew)
            return ClerkTokenFault.Expired;
        if (Time(jwt, "nbf") > now + Skew || Time(jwt, "iat") > now + Skew)
            return ClerkTokenFault.NotYetValid;
        if (Text(jwt, "sub") is not { Length: > 0 and <= 255 })
            return ClerkTokenFault.Subject;
        if (Text(jwt, "azp") is not { } party || !parties.Contains(party))
            return ClerkTokenFault.Party;
        var audiences = jwt.Audiences.ToList();
        var isSession = Text(jwt, "sid") is not null;
        if (audiences.Count > 0 ? !audiences.Contains(Audience) : !isSession)
            return ClerkTokenFault.Audience;
        // What says that it is a session token names its session; a template's token need not.
        if (!isSession && Category(jwt) is SessionCategory)
            return ClerkTokenFault.Session;
        return jwt.TryGetPayloadValue<object>("sts", out _) && Text(jwt, "sts") is not "active" ? ClerkTokenFault.Pending : ClerkTokenFault.None;
    }

    private JsonWebToken? Read(string token)
    {
        try
        {
            return handler.CanReadToken(token) ? handler.ReadJsonWebToken(token) : null;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    private static string? Category(JsonWebToken jwt) => jwt.TryGetHeaderValue<string>("cat", out var category) ? category : null;

    private static string? Text(JsonWebToken jwt, string claim) => jwt.TryGetPayloadValue<object>(claim, out var value) ? value as string : null;

    private static DateTimeOffset? Time(JsonWebToken jwt, string claim) =>
        jwt.TryGetPayloadValue<long>(claim, out var seconds) && seconds is >= 0 and <= 253402300799 ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null;

    [LoggerMessage(LogLevel.Debug, "A token of Clerk's was refused: {Fault}")]
    private partial void LogRefused(ClerkTokenFault fault);
}
