using Microsoft.AspNetCore.WebUtilities;

namespace Aurion.Sandbox.Clerk;

/// <summary>The Frontend API: discovery, keys, and the handshake that hands a session over to an application.</summary>
internal sealed class ClerkFrontend(ClerkInstance instance, ClerkStore store, ClerkKeys keys, ClerkTokens tokens)
{
    public const string ClientCookie = "__client";

    /// <summary>What is longer goes by a nonce, where the application says that it can fetch it.</summary>
    private const int LargestPayload = 2048;

    private static readonly string[] ResponseTypes = ["code"];
    private static readonly string[] SubjectTypes = ["public"];
    private static readonly string[] Algorithms = ["RS256"];

    public void Map(WebApplication app)
    {
        app.MapGet("/.well-known/openid-configuration", () => ClerkAnswers.Ok(new
        {
            issuer = instance.Issuer,
            jwks_uri = instance.Issuer + "/.well-known/jwks.json",
            authorization_endpoint = instance.Issuer + "/oauth/authorize",
            response_types_supported = ResponseTypes,
            subject_types_supported = SubjectTypes,
            id_token_signing_alg_values_supported = Algorithms,
        }));
        app.MapGet("/.well-known/jwks.json", keys.Jwks);
        app.MapGet("/v1/client/handshake", Handshake);
    }

    private IResult Handshake(HttpContext context, string? redirect_url, string? __clerk_db_jwt, string? format, string? suffixed_cookies)
    {
        if (string.IsNullOrEmpty(redirect_url))
            return ClerkAnswers.Missing("redirect_url");
        if (!instance.MayReturnTo(redirect_url))
            return ClerkAnswers.Error(400, "redirect_url_mismatch", "is invalid", $"{redirect_url} does not match an authorized redirect URI for this instance.");

        var (client, devBrowser) = ClientOf(context, __clerk_db_jwt);
        var directives = Directives(redirect_url, store.FindLive(client), devBrowser, suffixed_cookies == "true");
        var payload = tokens.Handshake(directives);
        var (name, value) = payload.Length > LargestPayload && format == "nonce" ? ("__clerk_handshake_nonce", store.Keep(directives)) : ("__clerk_handshake", payload);
        if (instance.IsProduction)
        {
            // The real one stands on a subdomain and names the domain above; here both share a host, and cookies know no ports.
            context.Response.Cookies.Append(name, value, new CookieOptions { Path = "/", SameSite = SameSiteMode.Lax, MaxAge = TimeSpan.FromMinutes(1) });
            return Results.Redirect(redirect_url, preserveMethod: true);
        }
        return Results.Redirect(QueryHelpers.AddQueryString(WithoutDevBrowser(redirect_url), name, value), preserveMethod: true);
    }

    // A production instance knows the browser by its own cookie, a development one by what the application passes along.
    private (string? Client, string? DevBrowser) ClientOf(HttpContext context, string? passed)
    {
        if (instance.IsProduction)
            return (context.Request.Cookies[ClientCookie], null);
        return store.ClientOf(passed) is { } client ? (client, passed) : (null, store.NewDevBrowser(ClerkStore.NewId("client_")));
    }

    private List<string> Directives(string back, ClerkSession? session, string? devBrowser, bool suffixed)
    {
        const string Forever = "; Path=/; Max-Age=315360000; SameSite=Lax";
        const string Never = "; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0; SameSite=Lax";
        var origin = new Uri(back).GetLeftPart(UriPartial.Authority);
        var token = session is null ? null : tokens.Create(session, origin);
        var uat = session is null ? "0" : tokens.ClientUat(session);
        List<string> directives = [];
        foreach (var suffix in suffixed ? new[] { "", "_" + instance.CookieSuffix } : [""])
        {
            directives.Add($"__client_uat{suffix}={uat}{Forever}");
            directives.Add($"__session{suffix}={token}{(token is null ? Never : Forever)}");
            if (devBrowser is not null)
                directives.Add($"__clerk_db_jwt{suffix}={devBrowser}{Forever}");
        }
        return directives;
    }

    private static string WithoutDevBrowser(string address)
    {
        var uri = new Uri(address);
        var query = QueryHelpers.ParseQuery(uri.Query).Where(pair => pair.Key != "__clerk_db_jwt");
        return QueryHelpers.AddQueryString(uri.GetLeftPart(UriPartial.Path), query);
    }
}
