using Aurion.Data.Account;
using Aurion.Web.Account.Sessions;

namespace Aurion.Web.Account.Passkeys;

public abstract record PasskeySignInResult
{
    public sealed record SignedIn(Guid UserId, string Email, SessionToken Token) : PasskeySignInResult;

    /// <summary>Unknown, removed, wrong, copied, too late, disabled: nobody is told which.</summary>
    public sealed record Refused : PasskeySignInResult;

    /// <summary>The right person, whose account is to be deleted: first they say whether they keep it.</summary>
    public sealed record DeletionScheduled(AccountDeletion Deletion) : PasskeySignInResult;
}

/// <summary>
/// Signs in with a passkey. The device has asked for a finger, a face or a PIN: it is something that the person has and something that
/// they are or know, so no code is asked for besides.
/// </summary>
public sealed partial class PasskeySignIns(
    PasskeyStore store, AttemptStore attempts, AccountDeletionStore deletions, PasskeyCeremonies ceremonies, SessionTokens issuer, TimeProvider clock, ILogger<PasskeySignIns> logger)
{
    private const string Purpose = "sign in";

    /// <summary>A challenge with what the browser is told, or how long to wait for one.</summary>
    public async Task<(Guid Challenge, string? Options, TimeSpan Wait)> BeginAsync(Caller caller, CancellationToken ct)
    {
        if (await attempts.TakeAsync([AttemptLimits.PasskeySignIn(caller.Address)], ct) is { } wait)
            return (Guid.Empty, null, wait);
        var issued = await store.IssueAsync(Purpose, PasskeyCeremonies.Lifetime, ct);
        return (issued.Id, ceremonies.RequestOptions(issued.Challenge), TimeSpan.Zero);
    }

    /// <summary>Takes the challenge, whatever comes of it. <paramref name="knows"/> tells whether this browser signed in to the account of an address before.</summary>
    public async Task<PasskeySignInResult> SignInAsync(Guid challenge, string? answer, Caller caller, Func<string, bool> knows, CancellationToken ct)
    {
        if (await store.TakeChallengeAsync(challenge, Purpose, ct) is not { } random
            || ceremonies.Read(answer) is not { } signature
            || await store.FindAsync(signature.UserId, signature.CredentialId, ct) is not { } passkey
            || await ceremonies.VerifyAsync(signature, passkey, random, ct) is not { } used)
            return new PasskeySignInResult.Refused();

        var now = clock.GetUtcNow();
        var sessionId = Guid.CreateVersion7(now);
        switch (await store.OpenSessionAsync(passkey, used.SignCount, used.IsBackedUp, sessionId, caller.UserAgent, !knows(passkey.Email), now + SessionTokens.Lifetime, ct))
        {
            case "signed_in":
                await attempts.GiveBackAsync([AttemptLimits.PasskeySignIn(caller.Address)], ct);
                LogSignedIn(passkey.UserId, passkey.Id);
                return new PasskeySignInResult.SignedIn(passkey.UserId, passkey.Email, issuer.Issue(passkey.UserId, passkey.Email, sessionId));
            case "leaving" when await deletions.FindAsync(passkey.UserId, ct) is { IsWaiting: true } deletion:
                return new PasskeySignInResult.DeletionScheduled(deletion);
            case "counter":
                LogCounter(passkey.UserId, passkey.Id, used.SignCount);
                return new PasskeySignInResult.Refused();
            default:
                return new PasskeySignInResult.Refused();
        }
    }

    [LoggerMessage(LogLevel.Information, "User {UserId} signed in with the passkey {PasskeyId}")]
    private partial void LogSignedIn(Guid userId, Guid passkeyId);

    [LoggerMessage(LogLevel.Warning, "The counter of the passkey {PasskeyId} of user {UserId} did not rise, it says {Count}: somebody may have a copy. The sign-in was refused")]
    private partial void LogCounter(Guid userId, Guid passkeyId, long count);
}
