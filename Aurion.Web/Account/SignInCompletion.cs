using Aurion.Data.Account;
using Aurion.Web.Infrastructure;

namespace Aurion.Web.Account;

/// <summary>What a browser is given when somebody has signed in with it.</summary>
public sealed class SignInCompletion(KnownBrowser browsers, ProfileStore profiles, SessionCloser sessions)
{
    public async Task WelcomeAsync(HttpContext context, Guid userId, string email, SessionToken token, CancellationToken ct)
    {
        // The cookie is about to be replaced: the session it stood for must not live on unseen.
        if (context.User.FindId() is { } previousUser && context.User.SessionId() is { } previous)
            await sessions.EndAsync(previousUser, previous, ct);

        SessionCookie.Write(context.Response, token);
        browsers.Remember(context.Response, email);
        if (await profiles.FindAsync(userId, ct) is { } profile)
            Dress(context.Response, profile.Locale, profile.Theme);
    }

    /// <summary>Language and theme follow the account; one that was never chosen leaves this browser's own.</summary>
    public static void Dress(HttpResponse response, string? locale, string? theme)
    {
        if (locale is not null)
            response.Cookies.AppendPreference(Localization.CookieName, locale);
        if (theme is not null)
            response.Cookies.AppendPreference(Theme.CookieName, theme);
    }
}
