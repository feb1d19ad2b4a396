using System.Net;
using Aurion.Data.Account;
using Aurion.Web.Infrastructure.Jobs;
using Aurion.Web.Infrastructure.Mail;

namespace Aurion.Web.Account;

/// <summary>Leads somebody who forgot the password to a new one, through the mailbox of the account.</summary>
public sealed class PasswordResetter(AttemptStore attempts, AccountStore accounts, PasswordResetTokens links, IJobQueue jobs)
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
}
