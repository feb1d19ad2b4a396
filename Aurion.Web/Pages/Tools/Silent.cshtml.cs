using Aurion.Data.Tools;
using Aurion.Web.Account;
using Aurion.Web.Credits;
using Aurion.Web.Tools;
using Htmx;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Aurion.Web.Pages.Tools;

/// <summary>Where the page of a tool reports that its frame never became ready.</summary>
[Authorize]
public sealed class SilentModel(ToolLauncher launcher, LaunchPageStore pages, BalanceFrame frame) : PageModel
{
    public required LaunchState State { get; set; }

    public IActionResult OnGet(string slug) => RedirectToPage("Launch", new { slug });

    public async Task<IActionResult> OnPostAsync(string slug, Guid sessionId, CancellationToken ct)
    {
        var refunded = await launcher.RefundSilentAsync(User.Id(), sessionId, ct);
        if (await pages.FindAsync(User.Id(), slug, ct) is not { } page)
            return NotFound();

        frame.Show(HttpContext, page.Balance);
        State = new LaunchState.Silent(page.Tool, page, refunded);
        return Request.IsHtmx() ? Partial("_Launch", State) : Page();
    }
}
