using Aurion.Data.Account;
using Aurion.Web.Account.Identities;
using Aurion.Web.Account.Sessions;
using Microsoft.AspNetCore.WebUtilities;

namespace Aurion.Web.Account.Clerk;

/// <summary>
/// Signing in at Clerk without a script of Clerk's: its Account Portal asks who it is, its handshake hands the session over, and from
/// then on a session of ours counts, which can be ended here. https://clerk.com/docs/guides/how-clerk-works/overview
/// </summary>
public sealed partial class ClerkSignIn(
    ClerkOptions options, ClerkKeys keys, ClerkTokens tokens, ClerkClient clerk, IdentitySignIns identities, SignInAttempts attempts, AccountSessions sessions,
    SiteOptions site, ILogger<ClerkSignIn> logger)
{
    private const string Return = "/account/clerk/return";

    // The first shows who it is; a second is for a browser that brought an old one along.
    private const int MostHandshakes = 2;

    /// <summary>Leads to Clerk's page, unless Clerk is known not to answer.</summary>
    public async Task<IResult> BeginAsync(string page, string? returnUrl, HttpContext context, CancellationToken ct)
    {
        if (context.User.FindId() is not null)
            return Results.LocalRedirect(LocalPath.OrDashboard(returnUrl));
        try
        {
            await keys.ProveAsync(ct);
        }
        catch (ClerkAwayException)
        {
            return SignInProblem.Answer(IdentityProblem.Away, returnUrl);
        }
        var attempt = SignInAttempts.Begin(returnUrl);
        attempts.Write(context, attempt);
        return Results.Redirect(QueryHelpers.AddQueryString($"{options.PortalOrigin}/{page}", "redirect_url", AddressOf(attempt)));
    }

    /// <summary>Whoever comes back from Clerk: first to the handshake, then with what it says.</summary>
    public async Task<IResult> ReturnAsync(string? state, HttpContext context, CancellationToken ct)
    {
        if (attempts.Find(context, state) is not { } attempt)
            return SignInProblem.Answer(IdentityProblem.Unfinished, null);
        try
        {
            if (attempt.Handshakes > 0 && await ReadHandshakeAsync(context.Request, ct) is { } directives)
                return await FinishAsync(directives, attempt, context, ct);
        }
        catch (ClerkAwayException away)
        {
            LogAway(away);
            return SignInProblem.Answer(IdentityProblem.Away, attempt.ReturnUrl);
        }
        if (attempt.Handshakes == MostHandshakes)
        {
            LogNoHandshake();
            return SignInProblem.Answer(IdentityProblem.Away, attempt.ReturnUrl);
        }
        attempts.Write(context, attempt with { Handshakes = attempt.Handshakes + 1 });
        return Results.Redirect(HandshakeAddress(attempt, context.Request.Query["__clerk_db_jwt"]), preserveMethod: true);
    }

    // A development instance hands over in the address, a production one in a cookie, and what is long by a nonce.
    private async Task<IReadOnlyList<string>?> ReadHandshakeAsync(HttpRequest request, CancellationToken ct)
    {
        string? Find(string name) => request.Query[name].ToString() is { Length: > 0 } value ? value : request.Cookies[name];

        if (Find("__clerk_handshake_nonce") is { } nonce && await clerk.FindHandshakeAsync(nonce, ct) is { } fetched)
            return fetched;
        return Find("__clerk_handshake") is { } signed ? await tokens.ReadHandshakeAsync(signed, ct) : null;
    }

    private async Task<IResult> FinishAsync(IReadOnlyList<string> directives, SignInAttempt attempt, HttpContext context, CancellationToken ct)
    {
        var session = directives.Where(line => line.StartsWith("__session", StringComparison.Ordinal))
            .Select(line => line.Split(';')[0].Split('=', 2) is [_, var value] ? value : "").FirstOrDefault(value => value.Length > 0);
        if (session is null)
            return SignInProblem.Answer(IdentityProblem.Unfinished, attempt.ReturnUrl);
        var (token, fault) = await tokens.ValidateAsync(session, ct);
        if (token is null)
        {
            LogSession(fault);
            return SignInProblem.Answer(fault is ClerkTokenFault.Pending ? IdentityProblem.Pending : IdentityProblem.Away, attempt.ReturnUrl);
        }

        var result = await SignInAsync(token, Caller.Of(context), ct);
        SignInAttempts.Delete(context);
        if (result is IdentitySignInResult.SignedIn signedIn)
        {
            await sessions.WriteAsync(context, signedIn.UserId, signedIn.Email, signedIn.Token, ct);
            return Results.LocalRedirect(attempt.ReturnUrl);
        }
        if (result is IdentitySignInResult.DeletionScheduled leaving)
            return Results.LocalRedirect(leaving.Address);
        // Who stays signed in there would come straight back with the same answer.
        if (token.SessionId is { } id)
            await clerk.RevokeSessionAsync(id, ct);
        return SignInProblem.Answer(((IdentitySignInResult.Refused)result).Problem, attempt.ReturnUrl);
    }

    private async Task<IdentitySignInResult> SignInAsync(ClerkToken token, Caller caller, CancellationToken ct)
    {
        OutsideIdentity identity;
        try
        {
            if (await clerk.FindUserAsync(token.Subject, ct) is not { } user)
                return new IdentitySignInResult.Refused(IdentityProblem.Closed);
            identity = user.Identity;
        }
        catch (ClerkAwayException) when (!ct.IsCancellationRequested)
        {
            // The signature says who it is: whoever has an account here needs nothing else.
            identity = new OutsideIdentity(IdentityProviders.Clerk, token.Subject, null, null);
            return await identities.SignInAsync(identity, token.SessionId, caller, null, ct) is IdentitySignInResult.SignedIn known
                ? known
                : throw new ClerkAwayException("Clerk does not say who a new user is.");
        }
        return await identities.SignInAsync(identity, token.SessionId, caller, async (other, stop) => await clerk.FindUserAsync(other, stop) is null, ct);
    }

    private string HandshakeAddress(SignInAttempt attempt, string? devBrowser)
    {
        var query = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["redirect_url"] = AddressOf(attempt),
            ["__clerk_api_version"] = ClerkClient.Version,
            ["suffixed_cookies"] = "false",
            ["__clerk_hs_reason"] = string.IsNullOrEmpty(devBrowser) ? "client-uat-but-no-session-token" : "dev-browser-sync",
            ["format"] = "nonce",
        };
        if (!string.IsNullOrEmpty(devBrowser))
            query["__clerk_db_jwt"] = devBrowser;
        return QueryHelpers.AddQueryString(options.Issuer + "/v1/client/handshake", query);
    }

    private string AddressOf(SignInAttempt attempt) => $"{site.PublicOrigin}{Return}?state={attempt.State}";

    [LoggerMessage(LogLevel.Warning, "Somebody could not sign in because Clerk does not answer")]
    private partial void LogAway(Exception away);

    [LoggerMessage(LogLevel.Warning, "Clerk's handshake brought nothing that Clerk had signed: do the keys belong to one instance?")]
    private partial void LogNoHandshake();

    [LoggerMessage(LogLevel.Warning, "The session of Clerk's handshake was refused: {Fault}. For Expired or NotYetValid, compare the clocks; for Party, see CLERK_AUTHORIZED_PARTIES")]
    private partial void LogSession(ClerkTokenFault fault);
}
