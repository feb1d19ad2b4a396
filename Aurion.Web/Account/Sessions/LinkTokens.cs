using System.Security.Claims;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Aurion.Web.Account.Sessions;

/// <summary>
/// Issues and reads the tokens of mailed links: signed with JWT_SECRET, with a type and an audience that name their one purpose,
/// so that none opens a session or does the work of another. A token is not stored.
/// </summary>
public sealed class LinkTokens(SessionTokens sessions, TimeProvider clock)
{
    private readonly JsonWebTokenHandler handler = new() { SetDefaultTimesOnTokenCreation = false, MapInboundClaims = false };

    public string Issue(string purpose, TimeSpan lifetime, Dictionary<string, object> claims) => handler.CreateToken(new SecurityTokenDescriptor
    {
        Issuer = sessions.Issuer,
        Audience = purpose,
        TokenType = TypeOf(purpose),
        Expires = (clock.GetUtcNow() + lifetime).UtcDateTime,
        Claims = claims,
        SigningCredentials = new(sessions.Key, SecurityAlgorithms.HmacSha256),
    });

    /// <summary>Null when the token was not issued here for this purpose, or has expired.</summary>
    public async Task<ClaimsIdentity?> ReadAsync(string purpose, string token)
    {
        var read = await handler.ValidateTokenAsync(token, new TokenValidationParameters
        {
            ValidIssuer = sessions.Issuer,
            ValidAudience = purpose,
            ValidTypes = [TypeOf(purpose)],
            ValidAlgorithms = [SecurityAlgorithms.HmacSha256],
            IssuerSigningKey = sessions.Key,
            LifetimeValidator = (_, expires, _, _) => clock.GetUtcNow().UtcDateTime < expires,
        });
        return read.IsValid ? read.ClaimsIdentity : null;
    }

    private static string TypeOf(string purpose) => purpose + "+jwt";
}
