using Aurion.Data.Account;
using Aurion.Web.Account.Passwords;
using Aurion.Web.Account.TwoStep;
using Aurion.Web.Infrastructure;
using Microsoft.AspNetCore.Identity;

namespace Aurion.Web.Account.Sessions;

/// <summary>
/// The sessions of accounts, from sign-in to sign-out. An ended session counts on this node before the answer is sent, and on
/// the others when the database notifies them.
/// </summary>
public sealed partial class AccountSessions(
    AttemptStore attempts, AccountStore accounts, AccountSessionStore sessions, AccountDeletionStore deletions, SecondFactorStore factors, ProfileStore profiles, PasswordHashing passwords,
    SecondFactors codes, PendingSignIns pendingSignIns, SessionTokens issuer, TokenCache tokens, KnownBrowser browsers, TimeProvider clock, ILogger<AccountSessions> logger)
{
    /// <summary>Does the same work in the same order whether the e-mail is known or not, so that the time tells nothing.</summary>
    public async Task<PasswordSignInResult> SignInAsync(string email, string password, Caller caller, CancellationToken ct)
    {
        var limits = AttemptLimits.SignIn(email, caller.Address, caller.KnownBrowser);
        if (await attempts.TakeAsync(limits, ct) is { } wait)
            return new PasswordSignInResult.TooMany(wait);

        var credential = await accounts.FindCredentialAsync(email, ct);
        var verdict = await passwords.VerifyAsync(credential?.PasswordHash, password, ct);
        if (verdict is null)
            return new PasswordSignInResult.Busy();
        if (credential is null || verdict is PasswordVerificationResult.Failed)
            return new PasswordSignInResult.Refused();

        if (verdict is PasswordVerificationResult.SuccessRehashNeeded)
            credential = await RehashAsync(credential, password, ct);
        if (!credential.IsDisabled && await factors.FindAsync(credential.UserId, ct) is not null)
        {
            await attempts.GiveBackAsync(limits, ct);
            return new PasswordSignInResult.NeedsCode(pendingSignIns.Issue(credential));
        }
        return await EnterAsync(credential, caller, limits, ct);
    }

    /// <summary>The second step, for whoever's password was verified a moment ago.</summary>
    public async Task<PasswordSignInResult> FinishSignInAsync(Credential credential, string code, Caller caller, CancellationToken ct)
    {
        var limit = AttemptLimits.SecondFactor(credential.UserId);
        if (await attempts.TakeAsync([limit], ct) is { } wait)
            return new PasswordSignInResult.TooMany(wait);
        return await codes.TakeAsync(credential.UserId, code, ct)
            ? await EnterAsync(credential, caller, [limit], ct)
            : new PasswordSignInResult.Refused();
    }

    /// <summary>Opens the session of somebody who has shown all that is asked for; then the attempts do not count.</summary>
    private async Task<PasswordSignInResult> EnterAsync(Credential credential, Caller caller, IReadOnlyCollection<AttemptLimit> limits, CancellationToken ct)
    {
        if (await OpenAsync(credential.UserId, credential.Email, credential.PasswordHash, caller, isNewDevice: caller.KnownBrowser is null, ct) is not { } token)
            return await deletions.FindAsync(credential.UserId, ct) is { IsWaiting: true } deletion && !credential.IsDisabled
                ? new PasswordSignInResult.DeletionScheduled(deletion)
                : new PasswordSignInResult.Refused();

        await attempts.GiveBackAsync(limits, ct);
        LogSignedIn(credential.UserId);
        return new PasswordSignInResult.SignedIn(credential.UserId, token);
    }

    /// <summary>A session for somebody whose password was just verified; null when it was changed since, or the account disabled or to be deleted.</summary>
    public async Task<SessionToken?> OpenAsync(Guid userId, string email, string verifiedHash, Caller caller, bool isNewDevice, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var sessionId = Guid.CreateVersion7(now);
        return await sessions.OpenAsync(userId, verifiedHash, sessionId, caller.UserAgent, isNewDevice, now + SessionTokens.Lifetime, ct)
            ? issuer.Issue(userId, email, sessionId)
            : null;
    }

    /// <summary>Hands the new session to the browser: its cookie, and the account's language, theme and time zone.</summary>
    public async Task WriteAsync(HttpContext context, Guid userId, string email, SessionToken token, CancellationToken ct)
    {
        // The cookie is about to be replaced: its session must not stay open unseen.
        if (context.User.FindId() is { } previousUser && context.User.SessionId() is { } previous)
            await EndAsync(previousUser, previous, ct);

        SessionCookie.Write(context.Response, token);
        browsers.Remember(context.Response, email);
        if (await profiles.FindAsync(userId, ct) is { } profile)
            WritePreferences(context.Response, profile.Locale, profile.Theme, profile.TimeZone);
    }

    /// <summary>Language and theme follow the account; one that was never chosen leaves this browser's own. Without a zone the next page asks the device.</summary>
    public static void WritePreferences(HttpResponse response, string? locale, string? theme, string? zone)
    {
        if (locale is not null)
            response.Cookies.AppendPreference(Localization.CookieName, locale);
        if (theme is not null)
            response.Cookies.AppendPreference(Theme.CookieName, theme);
        if (zone is not null)
            response.Cookies.AppendPreference(Zone.CookieName, zone);
        else
            response.Cookies.Delete(Zone.CookieName);
    }

    /// <summary>False when the user has no such live session.</summary>
    public async Task<bool> EndAsync(Guid userId, Guid sessionId, CancellationToken ct)
    {
        var ended = await sessions.RevokeAsync(userId, sessionId, ct);
        tokens.Remove([sessionId]);
        return ended;
    }

    /// <summary>Ends every session but the one that asks; returns how many.</summary>
    public async Task<int> EndOthersAsync(Guid userId, Guid? sessionId, CancellationToken ct)
    {
        var ended = await sessions.RevokeOthersAsync(userId, sessionId, ct);
        tokens.Remove(ended);
        return ended.Count;
    }

    private async Task<Credential> RehashAsync(Credential credential, string password, CancellationToken ct) =>
        await passwords.HashAsync(password, ct) is { } stronger && await accounts.RehashAsync(credential.UserId, credential.PasswordHash, stronger, ct)
            ? credential with { PasswordHash = stronger }
            : credential;

    [LoggerMessage(LogLevel.Information, "User {UserId} signed in")]
    private partial void LogSignedIn(Guid userId);
}
