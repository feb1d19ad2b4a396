using Aurion.Data.Account;
using Aurion.Web.Infrastructure.Jobs;
using Aurion.Web.Infrastructure.Mail;
using Microsoft.AspNetCore.Identity;

namespace Aurion.Web.Account;

/// <summary>Replaces a password; every other session of the account ends with the old one.</summary>
public sealed partial class PasswordChanger(
    AttemptStore attempts, AccountStore accounts, PasswordHashing passwords, TokenCache tokens, IJobQueue jobs, ILogger<PasswordChanger> logger)
{
    public async Task<PasswordChangeOutcome> ChangeAsync(Guid userId, Guid? sessionId, string current, string wanted, CancellationToken ct)
    {
        var limit = AttemptLimits.PasswordChange(userId);
        if (await attempts.TakeAsync([limit], ct) is { } wait)
            return new PasswordChangeOutcome.TooMany(wait);

        var credential = await accounts.FindCredentialAsync(userId, ct);
        var verdict = await passwords.VerifyAsync(credential?.PasswordHash, current, ct);
        if (verdict is null)
            return new PasswordChangeOutcome.Busy();
        if (credential is null || verdict is PasswordVerificationResult.Failed)
            return new PasswordChangeOutcome.WrongPassword();

        var outcome = await ReplaceAsync(credential, wanted, sessionId, ct);
        if (outcome is PasswordChangeOutcome.Changed)
            await attempts.GiveBackAsync([limit], ct);
        return outcome;
    }

    /// <summary>For somebody who has just proved to be the owner of this credential; every session ends but the given one.</summary>
    public async Task<PasswordChangeOutcome> ReplaceAsync(Credential credential, string wanted, Guid? sessionId, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(credential);
        if (await passwords.HashAsync(wanted, ct) is not { } hash)
            return new PasswordChangeOutcome.Busy();
        if (await accounts.ChangePasswordAsync(credential.UserId, credential.PasswordHash, hash, sessionId, ct) is not { } ended)
            return new PasswordChangeOutcome.WrongPassword();

        foreach (var session in ended)
            tokens.Forget(session);
        await jobs.WakeAsync<SendMailsJob>(ct);
        LogChanged(credential.UserId, ended.Count);
        return new PasswordChangeOutcome.Changed();
    }

    [LoggerMessage(LogLevel.Information, "User {UserId} changed the password; {Ended} sessions ended")]
    private partial void LogChanged(Guid userId, int ended);
}
