using Aurion.Web.Infrastructure;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Aurion.Web.Pages.Preferences;

/// <summary>Stores the theme in a cookie and goes back to the page one came from.</summary>
public sealed class ThemeModel : PageModel
{
    public IActionResult OnGet() => LocalRedirect("/");

    public IActionResult OnPost(string? theme, string? returnUrl)
    {
        if (theme is null || !Theme.All.Contains(theme))
            return BadRequest();

        Response.Cookies.AppendPreference(Theme.CookieName, theme);
        return LocalRedirect(Url.IsLocalUrl(returnUrl) ? returnUrl : "/");
    }
}
