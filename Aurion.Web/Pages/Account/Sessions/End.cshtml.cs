using Aurion.Web.Account;
using Aurion.Web.Account.Sessions;
using Aurion.Web.Pages.Shared;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;

namespace Aurion.Web.Pages.Account.Sessions;

/// <summary>Signs one device out.</summary>
[Authorize]
public sealed class EndModel(AccountSessions sessions, IStringLocalizer<AccountText> words) : PageModel
{
    public IActionResult OnGet() => LocalRedirect("/account");

    public async Task<IActionResult> OnPostAsync(Guid id, CancellationToken ct)
    {
        if (!await sessions.EndAsync(User.Id(), id, ct))
            return NotFound();

        TempData.Toast(words["The device has been signed out."]);
        return LocalRedirect("/account");
    }
}
