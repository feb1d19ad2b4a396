using System.Globalization;
using Aurion.Data.Account;
using Aurion.Web.Account.Deletion;
using Aurion.Web.Account.Sessions;

namespace Aurion.Web.Account.Identities;

/// <summary>
/// The accounts of people who sign in elsewhere. One person keeps one account across providers: a subject that is new is linked by an
/// address that its provider has verified, and by nothing else.
/// </summary>
public sealed partial class IdentitySignIns(
    IdentityStore store, AccountDeletionStore deletions, AccountDeletions leaving, SessionTokens issuer, TimeProvider clock, ILogger<IdentitySignIns> logger)
{
    /// <summary>Finds, links or makes the account, and opens a session.</summary>
    /// <param name="isGone">Whether the provider no longer knows another subject, which then loses the account.</param>
    public async Task<IdentitySignInResult> SignInAsync(
        OutsideIdentity identity, string? providerSession, Caller caller, Func<string, CancellationToken, Task<bool>>? isGone, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var session = new NewIdentitySession(Guid.CreateVersion7(now), caller.UserAgent, providerSession, now + SessionTokens.Lifetime);
        var signIn = await FindOrMakeAsync(identity, session, isGone, ct);
        if (signIn.Outcome == "leaving" && await deletions.FindAsync(signIn.UserId!.Value, ct) is { IsWaiting: true } deletion)
            return new IdentitySignInResult.DeletionScheduled($"/account/keep?token={leaving.Issue(new(deletion.UserId, deletion.Id))}");
        return signIn.Outcome == "signed_in"
            ? new IdentitySignInResult.SignedIn(signIn.UserId!.Value, signIn.Email!, issuer.Issue(signIn.UserId.Value, signIn.Email!, session.Id), signIn.IsNew)
            : new IdentitySignInResult.Refused(ProblemOf(signIn.Outcome));
    }

    /// <summary>The account of somebody who calls the API with a token of the provider; it is made when it is not there yet.</summary>
    public async Task<IdentityAccount?> MakeAsync(OutsideIdentity identity, CancellationToken ct) =>
        await FindOrMakeAsync(identity, null, null, ct) is { Outcome: "signed_in" } made ? new(made.UserId!.Value, made.Email!, IsStopped: false) : null;

    private async Task<IdentitySignIn> FindOrMakeAsync(
        OutsideIdentity identity, NewIdentitySession? session, Func<string, CancellationToken, Task<bool>>? isGone, CancellationToken ct)
    {
        var (language, newUserId) = (CultureInfo.CurrentUICulture.TwoLetterISOLanguageName, Guid.CreateVersion7(clock.GetUtcNow()));
        var signIn = await store.SignInAsync(identity, language, null, newUserId, session, ct);
        if (signIn is { Outcome: "other", OtherSubject: { } other } && isGone is not null && await isGone(other, ct))
            signIn = await store.SignInAsync(identity, language, other, newUserId, session, ct);
        if (signIn.Outcome != "signed_in")
            LogRefused(identity.Provider, identity.Subject, signIn.Outcome);
        else if (signIn.IsNew)
            LogCreated(signIn.UserId!.Value, identity.Provider);
        return signIn;
    }

    private static IdentityProblem ProblemOf(string outcome) => outcome switch
    {
        "unverified" => IdentityProblem.Unverified,
        "other" => IdentityProblem.Taken,
        _ => IdentityProblem.Closed,
    };

    [LoggerMessage(LogLevel.Information, "User {UserId} created an account by signing in at {Provider}")]
    private partial void LogCreated(Guid userId, string provider);

    [LoggerMessage(LogLevel.Warning, "Subject {Subject} of {Provider} was not signed in: {Outcome}")]
    private partial void LogRefused(string provider, string subject, string outcome);
}
