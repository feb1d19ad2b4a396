namespace Aurion.Web.Infrastructure;

/// <summary>Cookies that hold a taste, not a secret: readable for a year, sent to this site only.</summary>
public static class PreferenceCookies
{
    public static void AppendPreference(this IResponseCookies cookies, string name, string value) =>
        cookies.Append(name, value, new CookieOptions
        {
            MaxAge = TimeSpan.FromDays(365),
            HttpOnly = true,
            SameSite = SameSiteMode.Lax,
            IsEssential = true,
        });
}
