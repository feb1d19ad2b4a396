using System.ComponentModel.DataAnnotations;
using Aurion.Data.Account;
using Aurion.Web.Account;
using Aurion.Web.Account.Passwords;
using Aurion.Web.Pages.Shared;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;

namespace Aurion.Web.Pages.Account;

[Authorize, BuiltInAccounts]
public sealed class PasswordModel(AccountPasswords passwords, ProfileStore profiles, IStringLocalizer<AccountText> words) : PageModel
{
    [BindProperty]
    public InputModel Input { get; set; } = new();

    public void OnGet()
    {
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken ct)
    {
        if (!string.IsNullOrEmpty(Input.Wanted))
        {
            var name = (await profiles.FindAsync(User.Id(), ct))?.FullName;
            if (PasswordRules.Check(Input.Wanted, User.Email(), name) is var fault and not PasswordFault.None)
                ModelState.AddModelError("Input.Wanted", words[PasswordRules.Words(fault)]);
        }
        if (!ModelState.IsValid)
            return this.Refused();

        if (await passwords.ChangeAsync(User.Id(), User.SessionId(), Input.Current, Input.Wanted, ct) is var result and not PasswordChangeResult.Changed)
            return this.Refused(words, result, "Input.Current");
        TempData.Toast(words["Your password has been changed and your other devices signed out."]);
        return LocalRedirect("/account");
    }

    public sealed class InputModel
    {
        [Required(ErrorMessage = "Enter your current password.")]
        public string Current { get; set; } = "";

        [Required(ErrorMessage = "Choose a password.")]
        public string Wanted { get; set; } = "";
    }
}
