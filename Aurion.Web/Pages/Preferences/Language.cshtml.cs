using Aurion.Data.Account;
using Aurion.Web.Account;
using Aurion.Web.Infrastructure;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.WebUtilities;

namespace Aurion.Web.Pages.Preferences;

/// <summary>Stores the language in a cookie, and in the account of whoever is signed in, and goes back to the page one came from.</summary>
public sealed class LanguageModel(ProfileStore profiles) : PageModel
{
    public IActionResult OnGet() => LocalRedirect("/");

    public async Task<IActionResult> OnPostAsync(string? lang, string? returnUrl, CancellationToken ct)
    {
        if (!Localization.IsSupported(lang))
            return BadRequest();

        Response.Cookies.AppendPreference(Localization.CookieName, lang!);
        if (User.FindId() is { } userId)
            await profiles.SaveLocaleAsync(userId, lang!, ct);
        return LocalRedirect(Url.IsLocalUrl(returnUrl) ? WithoutLanguage(returnUrl) : "/");
    }

    // An address that names a language would win over the choice.
    private static string WithoutLanguage(string url)
    {
        var (path, query) = (url.Split('?', 2)[0], QueryHelpers.ParseQuery(url.Split('?', 2).ElementAtOrDefault(1)));
        return query.Remove(Localization.QueryName) ? path + QueryString.Create(query) : url;
    }
}
