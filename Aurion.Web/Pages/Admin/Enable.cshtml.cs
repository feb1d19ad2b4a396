using Aurion.Web.Account;
using Aurion.Web.Admin;
using Aurion.Web.Pages.Shared;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;

namespace Aurion.Web.Pages.Admin;

/// <summary>Lets the owner of a disabled account sign in again.</summary>
[Authorize(AccountRegistration.AdminPolicy)]
public sealed class EnableModel(Accounts accounts, IStringLocalizer<AdminText> words) : PageModel
{
    public IActionResult OnGet(Guid id) => RedirectToPage("Account", new { id });

    public async Task<IActionResult> OnPostAsync(Guid id, CancellationToken ct)
    {
        if (!await accounts.EnableAsync(id, User.Id(), ct))
            return NotFound();
        TempData.Toast(words["The account is enabled again."]);
        return RedirectToPage("Account", new { id });
    }
}
