using Aurion.Data.Admin;
using Aurion.Data.Credits;
using Aurion.Web.Account;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Aurion.Web.Pages.Admin;

/// <summary>One account: whose it is, what it holds, and every movement.</summary>
[Authorize(AccountRegistration.AdminPolicy)]
public sealed class AccountModel(AccountListStore accounts, LedgerStore ledger) : PageModel
{
    /// <summary>The movement before which this page begins.</summary>
    [FromQuery]
    public long? Before { get; set; }

    public AccountOwner Owner { get; private set; } = null!;
    public LedgerPage Ledger { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken ct)
    {
        if (await accounts.FindAsync(id, ct) is not { } owner)
            return NotFound();
        Owner = owner;
        Ledger = await ledger.GetPageAsync(id, new LedgerQuery(LedgerKind.All, Since: null, OlderThan: Before, NewerThan: null), ct);
        return Page();
    }
}
