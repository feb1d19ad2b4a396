using Aurion.Web.Account;
using Aurion.Web.Account.Addresses;
using Aurion.Web.Infrastructure.Mail;
using Aurion.Web.Pages.Shared;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;

namespace Aurion.Web.Pages.Account;

[Authorize]
public sealed class VerifySendModel(AccountAddresses addresses, MailSender mail, IStringLocalizer<AccountText> words) : PageModel
{
    public IActionResult OnGet() => LocalRedirect("/account/verify");

    public async Task<IActionResult> OnPostAsync(CancellationToken ct)
    {
        if (!mail.IsPossible)
            return this.Refused(words["This site cannot send e-mail at the moment. Contact support."], StatusCodes.Status503ServiceUnavailable);
        if (await addresses.SendProofAsync(User.Id(), ct) is { } wait)
            return this.TooMany(words, wait);
        TempData.Toast(words["The link is on its way."]);
        return LocalRedirect("/account/verify");
    }
}
