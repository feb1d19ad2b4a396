using System.Security.Cryptography;
using System.Text;
using Aurion.Web.Account.Sessions;

namespace Aurion.Web.Account.Passwords;

/// <summary>What a reset link may do: replace the password of this user while its hash still has this digest.</summary>
public sealed record PasswordReset(Guid UserId, string Password);

/// <summary>The tokens of password reset links: each expires after an hour, and when the password it names is replaced, so it works once.</summary>
public sealed class PasswordResetTokens(LinkTokens tokens)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    private const string Purpose = "password-reset";

    public string Issue(PasswordReset reset) =>
        tokens.Issue(Purpose, Lifetime, new(StringComparer.Ordinal) { ["sub"] = reset.UserId.ToString(), ["password"] = reset.Password });

    /// <summary>Null when the token was not issued here, or has expired.</summary>
    public async Task<PasswordReset?> ReadAsync(string token) =>
        await tokens.ReadAsync(Purpose, token) is { } read
        && Guid.TryParse(read.FindFirst("sub")?.Value, out var user) && read.FindFirst("password")?.Value is { } password
            ? new(user, password)
            : null;

    /// <summary>The digest by which a link names a password hash, as <c>ask_password_reset</c> writes it.</summary>
    public static string Digest(string passwordHash) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(passwordHash)));
}
