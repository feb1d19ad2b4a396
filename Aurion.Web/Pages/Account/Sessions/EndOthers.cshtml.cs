using Aurion.Web.Account;
using Aurion.Web.Account.Sessions;
using Aurion.Web.Pages.Shared;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;

namespace Aurion.Web.Pages.Account.Sessions;

/// <summary>Signs every device out but this one.</summary>
[Authorize]
public sealed class EndOthersModel(AccountSessions sessions, IStringLocalizer<AccountText> words) : PageModel
{
    public IActionResult OnGet() => LocalRedirect("/account");

    public async Task<IActionResult> OnPostAsync(CancellationToken ct)
    {
        await sessions.EndOthersAsync(User.Id(), User.SessionId(), ct);
        TempData.Toast(words["Your other devices have been signed out."]);
        return LocalRedirect("/account");
    }
}
