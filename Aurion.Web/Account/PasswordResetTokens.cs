using System.Security.Cryptography;
using System.Text;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Aurion.Web.Account;

/// <summary>Whose password a link replaces, and the digest of the hash that it replaces.</summary>
public sealed record PasswordReset(Guid UserId, string Password);

/// <summary>
/// Writes and reads the token of a link to a new password: signed with JWT_SECRET, of a type and an audience of its own, so that
/// it opens no session. It is stored nowhere, ends after an hour, and with the password that it names: it works once.
/// </summary>
public sealed class PasswordResetTokens(SessionTokens sessions, TimeProvider clock)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    private const string Audience = "password-reset";
    private const string Type = "reset+jwt";

    private readonly JsonWebTokenHandler handler = new() { SetDefaultTimesOnTokenCreation = false, MapInboundClaims = false };

    public string Issue(PasswordReset reset)
    {
        ArgumentNullException.ThrowIfNull(reset);
        return handler.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = sessions.Issuer,
            Audience = Audience,
            TokenType = Type,
            Expires = (clock.GetUtcNow() + Lifetime).UtcDateTime,
            Claims = new Dictionary<string, object>(StringComparer.Ordinal) { ["sub"] = reset.UserId.ToString(), ["password"] = reset.Password },
            SigningCredentials = new(sessions.Key, SecurityAlgorithms.HmacSha256),
        });
    }

    /// <summary>Null when it was not written here, or has ended.</summary>
    public async Task<PasswordReset?> ReadAsync(string token)
    {
        var read = await handler.ValidateTokenAsync(token, new TokenValidationParameters
        {
            ValidIssuer = sessions.Issuer,
            ValidAudience = Audience,
            ValidTypes = [Type],
            ValidAlgorithms = [SecurityAlgorithms.HmacSha256],
            IssuerSigningKey = sessions.Key,
            LifetimeValidator = (_, expires, _, _) => clock.GetUtcNow().UtcDateTime < expires,
        });
        return read.IsValid && Guid.TryParse(read.ClaimsIdentity.FindFirst("sub")?.Value, out var user) && read.ClaimsIdentity.FindFirst("password")?.Value is { } password
            ? new(user, password)
            : null;
    }

    /// <summary>The digest by which a link names a password hash, as <c>ask_password_reset</c> writes it.</summary>
    public static string Digest(string passwordHash) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(passwordHash)));
}
