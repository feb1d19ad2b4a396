using System.ComponentModel.DataAnnotations;
using Aurion.Data.Account;
using Aurion.Web.Account;
using Aurion.Web.Account.Passwords;
using Aurion.Web.Pages.Shared;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;

namespace Aurion.Web.Pages.Account;

/// <summary>
/// Where the mailed link leads. Its token moves from the address into an encrypted cookie at once, because the browser's history
/// and every log of addresses would keep it.
/// </summary>
[BuiltInAccounts]
public sealed class ResetModel(AccountPasswords passwords, ProfileStore profiles, IStringLocalizer<AccountText> words) : PageModel
{
    private const string Key = "PasswordReset";

    [BindProperty]
    public InputModel Input { get; set; } = new();

    /// <summary>Of the account; null when the link has expired.</summary>
    public string? Email { get; private set; }

    public async Task<IActionResult> OnGetAsync([FromQuery] string? token, CancellationToken ct)
    {
        if (await FindAsync(token ?? Kept, ct) is null)
            return Ended();
        if (token is null)
            return Page();

        TempData[Key] = token;
        return LocalRedirect("/account/reset");
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken ct)
    {
        if (await FindAsync(Kept, ct) is not { } credential)
            return Ended();
        if (!string.IsNullOrEmpty(Input.Wanted))
        {
            var name = (await profiles.FindAsync(credential.UserId, ct))?.FullName;
            if (PasswordRules.Check(Input.Wanted, credential.Email, name) is var fault and not PasswordFault.None)
                ModelState.AddModelError("Input.Wanted", words[PasswordRules.Words(fault)]);
        }
        if (!ModelState.IsValid)
            return this.Refused();

        switch (await passwords.ReplaceAsync(credential, Input.Wanted, sessionId: null, ct))
        {
            case PasswordChangeResult.Changed:
                TempData.Remove(Key);
                TempData.Toast(words["Your password has been changed. Sign in with the new one."]);
                return LocalRedirect("/account/sign-in");
            case PasswordChangeResult.Busy:
                return this.Busy(words);
            default:
                return Ended();
        }
    }

    private string? Kept => TempData.Peek(Key) as string;

    private async Task<Credential?> FindAsync(string? token, CancellationToken ct)
    {
        var credential = await passwords.FindByResetTokenAsync(token, ct);
        Email = credential?.Email;
        return credential;
    }

    private IActionResult Ended()
    {
        Email = null;
        return this.Refused(status: StatusCodes.Status410Gone);
    }

    public sealed class InputModel
    {
        [Required(ErrorMessage = "Choose a password.")]
        public string Wanted { get; set; } = "";
    }
}
