using System.Net;
using Aurion.Data.Account;
using Aurion.Web.Account.Sessions;
using Aurion.Web.Infrastructure.Jobs;
using Aurion.Web.Infrastructure.Mail;

namespace Aurion.Web.Account.Passwords;

/// <summary>The passwords of accounts: changed by their owner, or reset through the account's mailbox.</summary>
public sealed partial class AccountPasswords(
    AttemptStore attempts, AccountStore accounts, CurrentPassword currentPassword, PasswordHashing hashing, PasswordResetTokens resetTokens, TokenCache tokens, JobQueue jobs,
    ILogger<AccountPasswords> logger)
{
    /// <summary>For somebody who is signed in and knows the current password.</summary>
    public async Task<PasswordChangeResult> ChangeAsync(Guid userId, Guid? sessionId, string current, string wanted, CancellationToken ct)
    {
        var (credential, refusal) = await currentPassword.CheckAsync(userId, current, ct);
        return refusal ?? await ReplaceAsync(credential!, wanted, sessionId, ct);
    }

    /// <summary>
    /// Mails a reset link where the address has an account, and does the same work where it has none, so that the time tells
    /// nothing. Returns how long to wait when it was asked too often.
    /// </summary>
    public async Task<TimeSpan?> RequestResetAsync(string email, IPAddress? address, CancellationToken ct)
    {
        if (await attempts.TakeForPasswordResetAsync(email, AttemptLimits.PasswordReset(email, address), ct) is { } wait)
            return wait;
        await jobs.WakeAsync<SendMailsJob>(ct);
        return null;
    }

    /// <summary>The account that a reset token opens; null when the token was used, has expired, or was not issued here.</summary>
    public async Task<Credential?> FindByResetTokenAsync(string? token, CancellationToken ct) =>
        !string.IsNullOrEmpty(token)
        && await resetTokens.ReadAsync(token) is { } reset
        && await accounts.FindCredentialAsync(reset.UserId, ct) is { IsDisabled: false } credential
        && PasswordResetTokens.Digest(credential.PasswordHash) == reset.Password
            ? credential
            : null;

    /// <summary>For somebody who has just proved to own this credential; every session ends but the given one.</summary>
    public async Task<PasswordChangeResult> ReplaceAsync(Credential credential, string wanted, Guid? sessionId, CancellationToken ct)
    {
        if (await hashing.HashAsync(wanted, ct) is not { } hash)
            return new PasswordChangeResult.Busy();
        if (await accounts.ChangePasswordAsync(credential.UserId, credential.PasswordHash, hash, sessionId, ct) is not { } ended)
            return new PasswordChangeResult.WrongPassword();

        tokens.Remove(ended);
        await jobs.WakeAsync<SendMailsJob>(ct);
        LogChanged(credential.UserId, ended.Count);
        return new PasswordChangeResult.Changed();
    }

    [LoggerMessage(LogLevel.Information, "User {UserId} changed the password; {Ended} sessions ended")]
    private partial void LogChanged(Guid userId, int ended);
}
