using Aurion.Data.Account;
using Microsoft.AspNetCore.Identity;

namespace Aurion.Web.Account;

/// <summary>Signs people in: counts the attempt, compares the password, opens a session and writes its token.</summary>
public sealed partial class SessionOpener(
    AttemptStore attempts, AccountStore accounts, AccountSessionStore sessions, PasswordHashing passwords, SessionTokens tokens, TimeProvider clock,
    ILogger<SessionOpener> logger)
{
    /// <summary>The same work is done, in the same order, whether the e-mail is known or not.</summary>
    public async Task<SignInOutcome> SignInAsync(string email, string password, Caller caller, CancellationToken ct)
    {
        var limits = AttemptLimits.SignIn(email, caller.Address, caller.BrowserMark);
        if (await attempts.TakeAsync(limits, ct) is { } wait)
            return new SignInOutcome.TooMany(wait);

        var credential = await accounts.FindCredentialAsync(email, ct);
        var verdict = await passwords.VerifyAsync(credential?.PasswordHash, password, ct);
        if (verdict is null)
            return new SignInOutcome.Busy();
        if (credential is null || verdict is PasswordVerificationResult.Failed)
            return new SignInOutcome.Refused();

        if (verdict is PasswordVerificationResult.SuccessRehashNeeded)
            credential = await StrengthenAsync(credential, password, ct);
        if (await OpenAsync(credential.UserId, email, credential.PasswordHash, caller, ct) is not { } token)
            return new SignInOutcome.Refused();

        await attempts.GiveBackAsync(limits, ct);
        LogSignedIn(credential.UserId);
        return new SignInOutcome.SignedIn(credential.UserId, token);
    }

    /// <summary>A session for somebody whose password was just verified; null when it was changed since, or the account disabled.</summary>
    public async Task<SessionToken?> OpenAsync(Guid userId, string email, string verifiedHash, Caller caller, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var sessionId = Guid.CreateVersion7(now);
        return await sessions.OpenAsync(userId, verifiedHash, sessionId, caller.UserAgent, now + SessionTokens.Lifetime, ct)
            ? tokens.Issue(userId, email, sessionId)
            : null;
    }

    private async Task<Credential> StrengthenAsync(Credential credential, string password, CancellationToken ct) =>
        await passwords.HashAsync(password, ct) is { } stronger && await accounts.RehashAsync(credential.UserId, credential.PasswordHash, stronger, ct)
            ? credential with { PasswordHash = stronger }
            : credential;

    [LoggerMessage(LogLevel.Information, "User {UserId} signed in")]
    private partial void LogSignedIn(Guid userId);
}
