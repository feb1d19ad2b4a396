using System.Text;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Aurion.Web.Tests.Infrastructure;

/// <summary>Session tokens written from their description and not by the application's own code, so that a mistake cannot cancel itself out.</summary>
public sealed class TestTokens(string secret, string issuer)
{
    public string Issue(Guid user, string email, Guid session, DateTimeOffset now) =>
        new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = issuer,
            Audience = "authenticated",
            IssuedAt = now.UtcDateTime,
            Expires = now.AddDays(30).UtcDateTime,
            Claims = new Dictionary<string, object>(StringComparer.Ordinal)
            {
                ["sub"] = user.ToString(),
                ["email"] = email,
                ["role"] = "authenticated",
                ["sid"] = session.ToString(),
            },
            SigningCredentials = new(new SymmetricSecurityKey(Encoding.UTF8.GetBytes(secret)), SecurityAlgorithms.HmacSha256),
        });
}
