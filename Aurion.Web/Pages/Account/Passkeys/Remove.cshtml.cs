using System.ComponentModel.DataAnnotations;
using Aurion.Data.Account;
using Aurion.Web.Account;
using Aurion.Web.Account.Passkeys;
using Aurion.Web.Pages.Shared;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;

namespace Aurion.Web.Pages.Account.Passkeys;

[Authorize, BuiltInAccounts]
public sealed class RemoveModel(AccountPasskeys passkeys, PasskeyStore store, IStringLocalizer<AccountText> words) : PageModel
{
    [BindProperty]
    public InputModel Input { get; set; } = new();

    public string Name { get; private set; } = "";

    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken ct) => await FindAsync(id, ct) ? Page() : NotFound();

    public async Task<IActionResult> OnPostAsync(Guid id, CancellationToken ct)
    {
        if (!await FindAsync(id, ct))
            return NotFound();
        if (!ModelState.IsValid)
            return this.Refused();
        if (await passkeys.RemoveAsync(User.Id(), id, Input.Password, ct) is { } refusal)
            return this.Refused(words, refusal, "Input.Password");
        TempData.Toast(words["The passkey “{0}” was removed.", Name]);
        return LocalRedirect("/account/passkeys");
    }

    private async Task<bool> FindAsync(Guid id, CancellationToken ct)
    {
        if ((await store.ListAsync(User.Id(), ct)).FirstOrDefault(passkey => passkey.Id == id) is not { } found)
            return false;
        Name = found.Name;
        return true;
    }

    public sealed class InputModel
    {
        [Required(ErrorMessage = "Enter your current password.")]
        public string Password { get; set; } = "";
    }
}
