using Aurion.Data.Account;
using Aurion.Web.Account.Passwords;
using Aurion.Web.Account.Sessions;

namespace Aurion.Web.Account.TwoStep;

/// <summary>The tokens that stand between the two steps of a sign-in; they open nothing by themselves.</summary>
public sealed class PendingSignIns(LinkTokens tokens, AccountStore accounts)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    private const string Purpose = "second-factor";

    public string Issue(Credential credential) => tokens.Issue(Purpose, Lifetime, new(StringComparer.Ordinal)
    {
        ["sub"] = credential.UserId.ToString(),
        ["password"] = PasswordResetTokens.Digest(credential.PasswordHash),
    });

    /// <summary>The account that the first step was for; null when that was too long ago, or the password is another by now.</summary>
    public async Task<Credential?> FindAsync(string? token, CancellationToken ct) =>
        !string.IsNullOrEmpty(token) && await tokens.ReadAsync(Purpose, token) is { } read
        && Guid.TryParse(read.FindFirst("sub")?.Value, out var user)
        && await accounts.FindCredentialAsync(user, ct) is { IsDisabled: false } credential
        && PasswordResetTokens.Digest(credential.PasswordHash) == read.FindFirst("password")?.Value
            ? credential
            : null;
}
