using Aurion.Web.Account;
using Aurion.Web.Billing.Purchases;
using Aurion.Web.Pages.Shared;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;

namespace Aurion.Web.Pages.Billing.Packs;

/// <summary>Leads to the page that saves a card for top-ups, and takes the person back from it.</summary>
[Authorize]
public sealed class SaveCardModel(SavedCards cards, IStringLocalizer<PackText> words) : PageModel
{
    private const int LongestId = 255;

    [FromQuery(Name = "session_id")]
    public string? SessionId { get; set; }

    public async Task<IActionResult> OnGetAsync(CancellationToken ct)
    {
        if (SessionId is null)
            return RedirectToPage("TopUp");
        if (SessionId.Length > LongestId || await cards.ReturnAsync(User.Id(), SessionId, ct) is not { } result)
            return NotFound();
        if (result is not CardResult.Kept kept)
            return Page();
        TempData.Toast(words["{0} will pay automatic top-ups.", $"{PlanNames.Of(kept.Brand)} •••• {kept.Last4}"]);
        return RedirectToPage("TopUp");
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken ct) => Redirect(await cards.OpenAsync(User.Id(), ct));
}
