using Aurion.Data.Credits;
using Aurion.Web.Account;
using Aurion.Web.Credits;
using Aurion.Web.Infrastructure.Jobs;
using Aurion.Web.Infrastructure.Mail;
using Aurion.Web.Pages.Shared;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;

namespace Aurion.Web.Pages.Credits;

/// <summary>Sends a receipt to its owner's mailbox.</summary>
[Authorize]
public sealed class SendReceiptModel(LedgerStore ledger, ReceiptMailStore mails, JobQueue jobs, IStringLocalizer<CreditsText> words) : PageModel
{
    public IActionResult OnGet(long seq) => LocalRedirect($"/credits/{seq}");

    /// <param name="press">One press of the button, however often it arrives.</param>
    public async Task<IActionResult> OnPostAsync(long seq, [FromForm] Guid press, CancellationToken ct)
    {
        if (await ledger.FindReceiptAsync(User.Id(), seq, ct) is not { } receipt)
            return NotFound();
        switch (await mails.QueueAsync(User.Id(), receipt, press, ct))
        {
            case "queued":
                await jobs.WakeAsync<SendMailsJob>(ct);
                TempData.Toast(words["The receipt is on its way to your inbox."]);
                break;
            case "unproven":
                TempData.Toast(words["Confirm your e-mail address on your account page first."], "danger");
                break;
            default:
                TempData.Toast(words["Five receipts went out within ten minutes. Try again a little later."], "danger");
                break;
        }
        return LocalRedirect($"/credits/{seq}");
    }
}
