using System.Security.Cryptography;
using System.Text;
using Aurion.Web.Account.Sessions;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Aurion.Web.Account.Passwords;

/// <summary>What a reset link may do: replace the password of this user while its hash still has this digest.</summary>
public sealed record PasswordReset(Guid UserId, string Password);

/// <summary>
/// Issues and reads the tokens of password reset links: signed with JWT_SECRET, with a type and an audience of their own, so
/// that they open no session. A token is not stored; it expires after an hour, and when the password it names is replaced, so
/// it works once.
/// </summary>
public sealed class PasswordResetTokens(SessionTokens sessions, TimeProvider clock)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    private const string Audience = "password-reset";
    private const string Type = "reset+jwt";

    private readonly JsonWebTokenHandler handler = new() { SetDefaultTimesOnTokenCreation = false, MapInboundClaims = false };

    public string Issue(PasswordReset reset)
    {
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

    /// <summary>Null when the token was not issued here, or has expired.</summary>
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
