using Aurion.Web.Account;
using Aurion.Web.Billing;
using Aurion.Web.Billing.Subscriptions;
using Aurion.Web.Pages.Shared;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;

namespace Aurion.Web.Pages.Billing;

/// <summary>Keeps the plan: takes back a cancellation or a planned change.</summary>
[Authorize]
public sealed class ResumeModel(PlanChanges subscriptions, IStringLocalizer<BillingText> words, TimeProvider clock) : PageModel
{
    public IActionResult OnGet() => RedirectToPage("Index");

    public async Task<IActionResult> OnPostAsync(CancellationToken ct)
    {
        var result = await subscriptions.ResumeAsync(User.Id(), Guid.CreateVersion7(clock.GetUtcNow()), ct);
        if (result is ChangeResult.Waiting waiting)
            return RedirectToPage("Progress", new { id = waiting.IntentId });
        if (result is ChangeResult.Changed changed)
            TempData.Toast(words["You keep {0}.", changed.PlanName]);
        return RedirectToPage("Index");
    }
}
