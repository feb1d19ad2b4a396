using Aurion.Data.Tools;
using Aurion.Web.Account;
using Htmx;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Aurion.Web.Pages.Tools;

/// <summary>Keeps a tool at hand, or lets it go.</summary>
[Authorize]
public sealed class FavouriteModel(FavouriteStore favourites) : PageModel
{
    public required string Slug { get; set; }

    public required string Name { get; set; }

    public bool Kept { get; set; }

    public IActionResult OnGet() => LocalRedirect("/tools");

    public async Task<IActionResult> OnPostAsync(string slug, bool keep, string? returnUrl, CancellationToken ct)
    {
        if (await favourites.SetAsync(User.Id(), slug, keep, ct) is not { } name)
            return NotFound();
        if (!Request.IsHtmx())
            return LocalRedirect(Url.IsLocalUrl(returnUrl) ? returnUrl : "/tools");

        (Slug, Name, Kept) = (slug, name, keep);
        return Partial("_Favourite", this);
    }
}
