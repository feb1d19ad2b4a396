using Aurion.Data.Account;
using Aurion.Web.Account;
using Aurion.Web.Infrastructure;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Aurion.Web.Pages.Preferences;

/// <summary>Stores the theme in a cookie, and in the account of whoever is signed in, and goes back to the page one came from.</summary>
public sealed class ThemeModel(ProfileStore profiles) : PageModel
{
    public IActionResult OnGet() => LocalRedirect("/");

    public async Task<IActionResult> OnPostAsync(string? theme, string? returnUrl, CancellationToken ct)
    {
        if (theme is null || !Theme.All.Contains(theme))
            return BadRequest();

        Response.Cookies.AppendPreference(Theme.CookieName, theme);
        if (User.FindId() is { } userId)
            await profiles.SaveThemeAsync(userId, theme == Theme.Auto ? null : theme, ct);
        return LocalRedirect(Url.IsLocalUrl(returnUrl) ? returnUrl : "/");
    }
}
