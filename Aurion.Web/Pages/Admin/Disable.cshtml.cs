using Aurion.Data.Admin;
using Aurion.Web.Account;
using Aurion.Web.Admin;
using Aurion.Web.Pages.Shared;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;

namespace Aurion.Web.Pages.Admin;

/// <summary>Ends every session of an account and lets nobody sign in to it; not one's own.</summary>
[Authorize(AccountRegistration.AdminPolicy)]
public sealed class DisableModel(AccountListStore list, Accounts accounts, IStringLocalizer<AdminText> words) : PageModel
{
    public AccountOwner Owner { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken ct)
    {
        if (id == User.Id() || await list.FindAsync(id, ct) is not { HasSignIn: true } owner)
            return NotFound();
        Owner = owner;
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(Guid id, CancellationToken ct)
    {
        if (id == User.Id() || !await accounts.DisableAsync(id, User.Id(), ct))
            return NotFound();
        TempData.Toast(words["The account is disabled."]);
        return RedirectToPage("Account", new { id });
    }
}
