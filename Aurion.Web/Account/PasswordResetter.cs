using System.Net;
using Aurion.Data.Account;
using Aurion.Web.Infrastructure.Jobs;
using Aurion.Web.Infrastructure.Mail;

namespace Aurion.Web.Account;

/// <summary>Leads somebody who forgot the password to a new one, through the mailbox of the account.</summary>
public sealed partial class PasswordResetter(
    AttemptStore attempts, AccountStore accounts, PasswordResetTokens links, PasswordHashing passwords, KnownTokens tokens, IJobQueue jobs, ILogger<PasswordResetter> logger)
{
    /// <summary>
    /// Mails the link where the e-mail has an account, and does the same work where it has none. Returns how long to wait when
    /// it was asked too often.
    /// </summary>
    public async Task<TimeSpan?> AskAsync(string email, IPAddress? address, CancellationToken ct)
    {
        if (await attempts.TakeForPasswordResetAsync(email, AttemptLimits.PasswordReset(email, address), ct) is { } wait)
            return wait;
        await jobs.WakeAsync<SendMailsJob>(ct);
        return null;
    }

    /// <summary>The account that the link's token opens; null when it was used, has ended, or is none of ours.</summary>
    public async Task<Credential?> FindAsync(string? token, CancellationToken ct) =>
        !string.IsNullOrEmpty(token)
        && await links.ReadAsync(token) is { } reset
        && await accounts.FindCredentialAsync(reset.UserId, ct) is { IsDisabled: false } credential
        && PasswordResetTokens.Digest(credential.PasswordHash) == reset.Password
            ? credential
            : null;

    /// <summary>Replaces the password of an account that was just found, and ends all of its sessions.</summary>
    public async Task<PasswordResetOutcome> ResetAsync(Credential credential, string wanted, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(credential);
        if (await passwords.HashAsync(wanted, ct) is not { } hash)
            return new PasswordResetOutcome.Busy();
        if (await accounts.ChangePasswordAsync(credential.UserId, credential.PasswordHash, hash, null, ct) is not { } ended)
            return new PasswordResetOutcome.Ended();

        foreach (var session in ended)
            tokens.Forget(session);
        await jobs.WakeAsync<SendMailsJob>(ct);
        LogReset(credential.UserId, ended.Count);
        return new PasswordResetOutcome.Changed();
    }

    [LoggerMessage(LogLevel.Information, "User {UserId} chose a new password by mail; {Ended} sessions ended")]
    private partial void LogReset(Guid userId, int ended);
}
