using Aurion.Web.Account;
using Aurion.Web.Account.Passkeys;
using Aurion.Web.Pages.Shared;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;

namespace Aurion.Web.Pages.Account.Passkeys;

/// <summary>The second half: the page whose script asks the device to make the passkey, and its answer.</summary>
[Authorize, BuiltInAccounts]
[ResponseCache(NoStore = true)]
public sealed class CreateModel(AccountPasskeys passkeys, IStringLocalizer<AccountText> words) : PageModel
{
    [BindProperty]
    public string? Answer { get; set; }

    public string Options { get; private set; } = "";

    public string Name { get; private set; } = "";

    public async Task<IActionResult> OnGetAsync(CancellationToken ct)
    {
        (var challenge, Name) = AddModel.Begun(TempData);
        if (await passkeys.FindOptionsAsync(User.Id(), User.SessionId(), challenge, ct) is not { } options)
            return LocalRedirect("/account/passkeys/add");
        Options = options;
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken ct)
    {
        (var challenge, Name) = AddModel.Begun(TempData);
        var result = await passkeys.AddAsync(User.Id(), User.SessionId(), challenge, Answer, Name, ct);
        if (result is PasskeyResult.Added)
        {
            TempData.Toast(words["The passkey “{0}” was added.", Name]);
            return LocalRedirect("/account/passkeys");
        }
        TempData.Toast(result switch
        {
            PasskeyResult.Known => words["This passkey already belongs to an account."],
            PasskeyResult.Full => words["Your account has as many passkeys as it can have. Remove one first."],
            _ => words["The passkey was not added: it took too long, or the answer of the device was not valid. Try again."],
        }, "danger");
        return LocalRedirect("/account/passkeys/add");
    }
}
