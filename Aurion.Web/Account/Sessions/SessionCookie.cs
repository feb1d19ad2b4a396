namespace Aurion.Web.Account.Sessions;

/// <summary>The browser's copy of the session token, out of reach of scripts and of other sites.</summary>
public static class SessionCookie
{
    /// <summary>The token that the browser sent, if any.</summary>
    public static string? Find(HttpRequest request) => request.Cookies[Name(request.HttpContext)];

    public static void Write(HttpResponse response, SessionToken token) =>
        response.Cookies.Append(Name(response.HttpContext), token.Value, Options(token.Lifetime));

    public static void Delete(HttpResponse response) => response.Cookies.Delete(Name(response.HttpContext), Options(null));

    private static string Name(HttpContext context) => context.CookieName("aurion");

    // Lax and not Strict: coming back from the payment page must find the person signed in.
    internal static CookieOptions Options(TimeSpan? maxAge) => new()
    {
        HttpOnly = true,
        SameSite = SameSiteMode.Lax,
        Path = "/",
        MaxAge = maxAge,
        IsEssential = true,
    };
}
