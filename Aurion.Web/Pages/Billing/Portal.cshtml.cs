using Aurion.Web.Account;
using Aurion.Web.Billing.Subscriptions;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Aurion.Web.Pages.Billing;

/// <summary>Sends the person to Stripe's own page for cards and invoices.</summary>
[Authorize]
public sealed class PortalModel(PortalOpener portal) : PageModel
{
    public IActionResult OnGet() => RedirectToPage("Index");

    public async Task<IActionResult> OnPostAsync(CancellationToken ct) =>
        await portal.OpenAsync(User.Id(), ct) is { } url ? Redirect(url) : RedirectToPage("Index");
}
