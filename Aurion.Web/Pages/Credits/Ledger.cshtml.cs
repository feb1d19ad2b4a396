using Aurion.Data.Credits;
using Aurion.Web.Account;
using Aurion.Web.Credits;
using Aurion.Web.Credits.Ledger;
using Htmx;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Aurion.Web.Pages.Credits;

/// <summary>Every movement of the account, newest first.</summary>
[Authorize]
public sealed class LedgerModel(LedgerStore ledger, BalanceFrame frame, TimeProvider clock) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public LedgerFilter Filter { get; set; } = new();

    public required LedgerPage Ledger { get; set; }

    public async Task OnGetAsync(CancellationToken ct)
    {
        Ledger = await ledger.GetPageAsync(User.Id(), Filter.Query(clock.GetUtcNow()), ct);
        frame.Show(HttpContext, Ledger.Balance);
        if (Request.IsHtmx())
            Response.Htmx(answer => answer.PushUrl(Filter.Url()));
    }
}
