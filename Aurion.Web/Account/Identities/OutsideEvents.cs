using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Claims;
using System.Text.Json;
using Aurion.Data.Account;
using Aurion.Web.Account.Sessions;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OAuth;

namespace Aurion.Web.Account.Identities;

/// <summary>Whoever comes back from Google or GitHub: who it is there, and a session here.</summary>
public sealed partial class OutsideEvents(IdentitySignIns identities, AccountSessions sessions, ILogger<OutsideEvents> logger) : OAuthEvents
{
    public override async Task CreatingTicket(OAuthCreatingTicketContext context)
    {
        var who = context.Scheme.Name == IdentityProviders.GitHub ? await AskGitHubAsync(context) : ReadGoogle(context.User);
        context.Identity!.AddClaim(new Claim("sub", who.Subject));
        if (who.Email is not null)
            context.Identity.AddClaim(new Claim("email", who.Email));
        if (who.FullName is not null)
            context.Identity.AddClaim(new Claim("name", who.FullName));
    }

    public override async Task TicketReceived(TicketReceivedContext context)
    {
        var (http, who) = (context.HttpContext, context.Principal!);
        var identity = new OutsideIdentity(context.Scheme.Name, who.FindFirstValue("sub")!, who.FindFirstValue("email"), who.FindFirstValue("name"));
        var result = await identities.SignInAsync(identity, null, Caller.Of(http), null, http.RequestAborted);
        // No ticket of the framework's: a session of ours, which can be ended.
        context.HandleResponse();
        if (result is IdentitySignInResult.SignedIn signedIn)
            await sessions.WriteAsync(http, signedIn.UserId, signedIn.Email, signedIn.Token, http.RequestAborted);
        context.Response.Redirect(result switch
        {
            IdentitySignInResult.Refused refused => SignInProblem.AddressOf(refused.Problem, context.ReturnUri),
            IdentitySignInResult.DeletionScheduled leaving => leaving.Address,
            _ => LocalPath.OrDashboard(context.ReturnUri),
        });
    }

    public override Task AccessDenied(AccessDeniedContext context)
    {
        context.HandleResponse();
        context.Response.Redirect(SignInProblem.AddressOf(IdentityProblem.Unfinished, context.ReturnUrl));
        return Task.CompletedTask;
    }

    public override Task RemoteFailure(RemoteFailureContext context)
    {
        // Begun elsewhere, too long ago, or with a state that is not ours: the browser's story. All else is the provider's.
        var begun = ((OAuthOptions)context.Options).StateDataFormat.Unprotect(context.Request.Query["state"]);
        var isAway = begun is not null && context.Failure?.Message.StartsWith("Correlation", StringComparison.Ordinal) != true;
        if (isAway)
            LogFailed(context.Scheme.Name, context.Failure?.Message);
        context.HandleResponse();
        context.Response.Redirect(SignInProblem.AddressOf(isAway ? IdentityProblem.Away : IdentityProblem.Unfinished, begun?.RedirectUri));
        return Task.CompletedTask;
    }

    // https://developers.google.com/identity/openid-connect/openid-connect#an-id-tokens-payload
    private static OutsideIdentity ReadGoogle(JsonElement user)
    {
        var isVerified = user.TryGetProperty("email_verified", out var verified) && (verified.ValueKind == JsonValueKind.True || verified.ToString() == "true");
        return Named(IdentityProviders.Google, Text(user, "sub"), isVerified ? Text(user, "email") : null, Text(user, "name"));
    }

    // The address of the profile is whatever its owner likes to show; the verified primary one is in a list of its own.
    // https://docs.github.com/en/rest/users/emails
    private static async Task<OutsideIdentity> AskGitHubAsync(OAuthCreatingTicketContext context)
    {
        var user = await GetAsync(context, context.Options.UserInformationEndpoint);
        var emails = await GetAsync(context, context.Options.UserInformationEndpoint + "/emails");
        var primary = emails.EnumerateArray().FirstOrDefault(email => IsTrue(email, "primary") && IsTrue(email, "verified"));
        return Named(IdentityProviders.GitHub, user.GetProperty("id").GetInt64().ToString(null as IFormatProvider),
            primary.ValueKind == JsonValueKind.Object ? Text(primary, "email") : null, Text(user, "name"));
    }

    private static async Task<JsonElement> GetAsync(OAuthCreatingTicketContext context, string address)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", context.AccessToken);
        request.Headers.Accept.ParseAdd("application/vnd.github+json");
        request.Headers.UserAgent.ParseAdd("Aurion");
        using var answer = await context.Backchannel.SendAsync(request, context.HttpContext.RequestAborted);
        answer.EnsureSuccessStatusCode();
        return await answer.Content.ReadFromJsonAsync<JsonElement>(context.HttpContext.RequestAborted);
    }

    private static OutsideIdentity Named(string provider, string? subject, string? email, string? name) => new(
        provider,
        subject is { Length: > 0 and <= 255 } ? subject : throw new AuthenticationFailureException($"{provider} names no subject."),
        EmailAddress.Normalize(email ?? ""),
        PersonName.Clean(name) is { } clean ? clean[..Math.Min(clean.Length, PersonName.MaxLength)] : null);

    private static string? Text(JsonElement of, string name) => of.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static bool IsTrue(JsonElement of, string name) => of.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;

    [LoggerMessage(LogLevel.Warning, "Somebody could not sign in with {Provider}: {Reason}")]
    private partial void LogFailed(string provider, string? reason);
}
