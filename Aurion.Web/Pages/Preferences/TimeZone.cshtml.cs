using Aurion.Data.Account;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Aurion.Web.Pages.Preferences;

/// <summary>Takes the zone of the device from a page that knows none yet; a zone that the account has already goes before it.</summary>
[Authorize]
public sealed class TimeZoneModel(PreferenceStore preferences, ProfileStore profiles) : PageModel
{
    public IActionResult OnGet() => LocalRedirect("/");

    public async Task<IActionResult> OnPostAsync(string? zone, CancellationToken ct)
    {
        if (Zone.Find(zone) is null || !await preferences.FillTimeZoneAsync(User.Id(), zone!, ct))
            return BadRequest();

        if (await profiles.FindAsync(User.Id(), ct) is { TimeZone: { } chosen })
            Response.Cookies.AppendPreference(Zone.CookieName, chosen);
        return new NoContentResult();
    }
}
