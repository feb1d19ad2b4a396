using Aurion.Data.Account;
using Aurion.Data.Infrastructure;
using Aurion.Web.Account.Clerk;
using Aurion.Web.Infrastructure.Errors;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.IdentityModel.JsonWebTokens;

namespace Aurion.Web.Account.Sessions;

/// <summary>
/// Reads the token from the header or the cookie, checks that its session is live, and answers requests without one.
/// </summary>
public sealed class TokenEvents(TokenCache cache, SessionGroupCommit sessions, ClerkCallers clerk) : JwtBearerEvents
{
    private const string SignIn = "/account/sign-in";
    private const string Scheme = "Bearer ";

    public override async Task MessageReceived(MessageReceivedContext context)
    {
        var header = context.Request.Headers.Authorization.ToString();
        // A header decides alone: with one present the cookie counts for nothing.
        context.Token = header.Length == 0 ? SessionCookie.Find(context.Request)
            : header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? header[Scheme.Length..].Trim() : null;

        if (string.IsNullOrEmpty(context.Token))
            context.NoResult();
        else if (cache.Find(context.Token) is { } holder)
        {
            context.Principal = holder.ToPrincipal();
            context.Success();
        }
        // In the header only: pages are opened by a session of ours, which can be ended here.
        else if (header.Length > 0 && clerk.IsClaimed(context.Token))
        {
            context.Principal = await clerk.FindAsync(context.Token, context.HttpContext.RequestAborted);
            if (context.Principal is null)
                context.Fail("The token is not believed.");
            else
                context.Success();
        }
    }

    public override async Task TokenValidated(TokenValidatedContext context)
    {
        var revocationsBefore = cache.Revocations;
        var user = context.Principal!;
        if (user.FindId() is not { } userId || user.SessionId() is not { } sessionId || !await IsLiveAsync(new(userId, sessionId), context))
        {
            context.Fail("The session has ended.");
            return;
        }

        var token = (JsonWebToken)context.SecurityToken;
        var holder = TokenHolder.Of(user, userId, sessionId);
        context.Principal = holder.ToPrincipal();
        cache.Add(token.EncodedToken, holder, new DateTimeOffset(token.ValidTo), revocationsBefore);
    }

    /// <summary>Kept for <see cref="AccountRegistration.UseAccount"/>: thrown here, it would be thrown again at the page that says so.</summary>
    public override Task AuthenticationFailed(AuthenticationFailedContext context)
    {
        if (DatabaseFaults.IsUnavailable(context.Exception) || context.Exception is UnavailableException)
        {
            context.HttpContext.Features.Set(new UncheckedToken(context.Exception));
            context.Fail(context.Exception);
        }
        return Task.CompletedTask;
    }

    private Task<bool> IsLiveAsync(SessionKey session, TokenValidatedContext context) =>
        sessions.TryAsk(session, context.HttpContext.RequestAborted, out var answer)
            ? answer
            : throw new TimeoutException("Too many sign-ins wait to be checked.");

    public override async Task Challenge(JwtBearerChallengeContext context)
    {
        context.HandleResponse();
        if (SessionCookie.Find(context.Request) is not null)
            SessionCookie.Delete(context.Response);

        if (ErrorPage.IsApi(context.Request.Path))
        {
            context.Response.Headers.WWWAuthenticate = "Bearer";
            await ApiProblem.Answer(StatusCodes.Status401Unauthorized, "AUTHENTICATION_FAILED", "Authentication required").ExecuteAsync(context.HttpContext);
        }
        else if (context.Request.Headers.ContainsKey("HX-Request"))
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            context.Response.Headers["HX-Redirect"] = SignInFrom(context.Request);
        }
        else if (context.Request.Headers.Accept.ToString().Contains("text/event-stream", StringComparison.Ordinal))
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        else
            context.Response.Redirect(SignInFrom(context.Request));
    }

    /// <summary>A signed-in person who may not come here is not told that there is anything.</summary>
    public override Task Forbidden(ForbiddenContext context)
    {
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }

    // A form cannot be sent again by following a link, so its page is the place to come back to.
    private static string SignInFrom(HttpRequest request)
    {
        var here = HttpMethods.IsGet(request.Method) && !request.Headers.ContainsKey("HX-Request")
            ? request.GetEncodedPathAndQuery()
            : Uri.TryCreate(request.Headers.Referer, UriKind.Absolute, out var page) && page.Authority == request.Host.Value ? page.PathAndQuery : null;
        return LocalPath.IsLocal(here) ? $"{SignIn}?returnUrl={Uri.EscapeDataString(here!)}" : SignIn;
    }

    /// <summary>A token that could not be checked, because the database or its issuer is away.</summary>
    internal sealed record UncheckedToken(Exception Fault);
}
