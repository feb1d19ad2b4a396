using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Aurion.Data.Account;
using Aurion.Web.Account;
using Aurion.Web.Account.Sessions;
using Aurion.Web.Infrastructure;
using Aurion.Web.Pages.Shared;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.Extensions.Localization;

namespace Aurion.Web.Pages.Account;

[Authorize]
public sealed class IndexModel(ProfileStore profiles, TimeProvider clock, IStringLocalizer<AccountText> words) : PageModel
{
    [BindProperty]
    public InputModel Input { get; set; } = new();

    public AccountOverview Overview { get; private set; } = null!;
    public DateTimeOffset Now { get; } = clock.GetUtcNow();

    public IReadOnlyList<SelectListItem> Languages => [new(words["Same as the browser"], ""), new("English", "en"), new("Français", "fr")];
    public IReadOnlyList<SelectListItem> Themes => [new(words["Same as the device"], ""), new(words["Light"], "light"), new(words["Dark"], "dark")];

    public async Task OnGetAsync(CancellationToken ct)
    {
        Overview = await profiles.GetOverviewAsync(User.Id(), ct);
        var profile = Overview.Profile;
        Input = new() { FullName = profile.FullName, Language = profile.Locale, Theme = profile.Theme };
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken ct)
    {
        if (!ModelState.IsValid)
        {
            Overview = await profiles.GetOverviewAsync(User.Id(), ct);
            return this.Refused();
        }

        await profiles.SaveAsync(User.Id(), PersonName.Clean(Input.FullName), Input.Language, Input.Theme, ct);
        Response.Cookies.Delete(Localization.CookieName);
        Response.Cookies.Delete(Theme.CookieName);
        AccountSessions.WritePreferences(Response, Input.Language, Input.Theme);
        // The next page already speaks the new language.
        if (Input.Language is { } language)
            CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo(language);
        TempData.Toast(words["Saved."]);
        return LocalRedirect("/account");
    }

    public sealed class InputModel
    {
        [StringLength(PersonName.MaxLength, ErrorMessage = "Use at most {1} characters.")]
        public string? FullName { get; set; }

        [AllowedValues(null, "en", "fr")]
        public string? Language { get; set; }

        [AllowedValues(null, "light", "dark")]
        public string? Theme { get; set; }
    }
}
