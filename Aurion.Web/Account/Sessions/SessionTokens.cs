using System.Text;
using Aurion.Web.Infrastructure.Settings;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Aurion.Web.Account.Sessions;

public sealed record SessionToken(string Value, TimeSpan Lifetime);

/// <summary>
/// Writes session tokens: header {alg: HS256, typ: JWT} without kid, signed with JWT_SECRET; claims iss (AURION_JWT_ISSUER),
/// aud and role "authenticated", sub (user id), email, sid (row of account_sessions), iat, exp.
/// </summary>
public sealed class SessionTokens(JwtOptions jwt, SiteOptions site, TimeProvider clock)
{
    public const string Audience = "authenticated";

    /// <summary>A session and its token end together; a sign-in is asked for again after this.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(30);

    private readonly JsonWebTokenHandler handler = new() { SetDefaultTimesOnTokenCreation = false };

    public string Issuer { get; } = jwt.Issuer.Length > 0 ? jwt.Issuer : site.PublicOrigin;

    internal SymmetricSecurityKey Key { get; } = new(Encoding.UTF8.GetBytes(jwt.Secret));

    public SessionToken Issue(Guid userId, string email, Guid sessionId)
    {
        var now = clock.GetUtcNow();
        var token = handler.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = Issuer,
            Audience = Audience,
            IssuedAt = now.UtcDateTime,
            Expires = (now + Lifetime).UtcDateTime,
            Claims = new Dictionary<string, object>(StringComparer.Ordinal)
            {
                ["sub"] = userId.ToString(),
                ["email"] = email,
                ["role"] = "authenticated",
                ["sid"] = sessionId.ToString(),
            },
            SigningCredentials = new(Key, SecurityAlgorithms.HmacSha256),
        });
        return new(token, Lifetime);
    }
}
