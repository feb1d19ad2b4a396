using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Aurion.Web.Account.Sessions;

/// <summary>Which tokens are believed. Each issuer has its own algorithm and its own keys; no key is ever tried for another.</summary>
public sealed class TokenRules(SessionTokens ours, TimeProvider clock)
{
    private static readonly TimeSpan Skew = TimeSpan.FromSeconds(30);
    private static readonly string[] ForeignKeyHints = ["crit", "jku", "jwk", "x5u", "x5c", "x5t", "x5t#S256", "zip", "b64"];

    public TokenValidationParameters Parameters() => new()
    {
        ValidIssuer = ours.Issuer,
        ValidAudience = SessionTokens.Audience,
        ValidTypes = ["JWT"],
        IssuerSigningKeyResolver = (_, token, _, _) => KeysOf(token),
        AlgorithmValidator = (algorithm, _, token, _) => token.Issuer == ours.Issuer && algorithm == SecurityAlgorithms.HmacSha256,
        TryAllIssuerSigningKeys = false,
        RequireSignedTokens = true,
        RequireExpirationTime = true,
        ClockSkew = Skew,
        LifetimeValidator = (notBefore, expires, _, _) => IsTimely(notBefore, expires),
        NameClaimType = "email",
        RoleClaimType = "role",
    };

    // Our tokens name no key: a header that names or brings one was not written here.
    private IEnumerable<SecurityKey> KeysOf(SecurityToken token) =>
        token is JsonWebToken jwt
        && jwt.Issuer == ours.Issuer
        && string.IsNullOrEmpty(jwt.Kid)
        && !ForeignKeyHints.Any(hint => jwt.TryGetHeaderValue<object>(hint, out _))
            ? [ours.Key]
            : [];

    private bool IsTimely(DateTime? notBefore, DateTime? expires)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        return now < expires + Skew && (notBefore is null || notBefore <= now + Skew);
    }
}
