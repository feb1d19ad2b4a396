namespace Aurion.Web.Account.Sessions;

/// <summary>The browser's copy of the session token, out of reach of scripts and of other sites.</summary>
public static class SessionCookie
{
    public const string Name = "__Host-aurion";

    public static void Write(HttpResponse response, SessionToken token) =>
        response.Cookies.Append(Name, token.Value, Options(token.Lifetime));

    public static void Delete(HttpResponse response) => response.Cookies.Delete(Name, Options(null));

    // Lax and not Strict: coming back from the payment page must find the person signed in.
    internal static CookieOptions Options(TimeSpan? maxAge) => new()
    {
        HttpOnly = true,
        Secure = true,
        SameSite = SameSiteMode.Lax,
        Path = "/",
        MaxAge = maxAge,
        IsEssential = true,
    };
}
