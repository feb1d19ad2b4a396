using Aurion.Data.Account;
using Microsoft.AspNetCore.Identity;

namespace Aurion.Web.Account.Passwords;

/// <summary>Asks somebody who is signed in for the password again, before what a stolen session alone must not do.</summary>
public sealed class CurrentPassword(AttemptStore attempts, AccountStore accounts, PasswordHashing hashing)
{
    /// <summary>The credential that was typed right; otherwise the refusal, one of all but <see cref="PasswordChangeResult.Changed"/>.</summary>
    public async Task<(Credential? Credential, PasswordChangeResult? Refusal)> CheckAsync(Guid userId, string password, CancellationToken ct)
    {
        var limit = AttemptLimits.PasswordChange(userId);
        if (await attempts.TakeAsync([limit], ct) is { } wait)
            return (null, new PasswordChangeResult.TooMany(wait));

        var credential = await accounts.FindCredentialAsync(userId, ct);
        var verdict = await hashing.VerifyAsync(credential?.PasswordHash, password, ct);
        if (verdict is null)
            return (null, new PasswordChangeResult.Busy());
        if (credential is null || verdict is PasswordVerificationResult.Failed)
            return (null, new PasswordChangeResult.WrongPassword());
        await attempts.GiveBackAsync([limit], ct);
        return (credential, null);
    }
}
