using Aurion.Data.Credits;
using Aurion.Web.Account;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Aurion.Web.Pages.Credits;

/// <summary>All that is known of one movement: price, buckets drawn, outcome, refund.</summary>
[Authorize]
public sealed class ReceiptModel(LedgerStore ledger) : PageModel
{
    public required Receipt Receipt { get; set; }

    public async Task<IActionResult> OnGetAsync(long seq, CancellationToken ct)
    {
        if (await ledger.FindReceiptAsync(User.Id(), seq, ct) is not { } receipt)
            return NotFound();

        Receipt = receipt;
        return Page();
    }
}
