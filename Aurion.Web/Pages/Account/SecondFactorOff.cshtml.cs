using System.ComponentModel.DataAnnotations;
using Aurion.Web.Account;
using Aurion.Web.Account.TwoStep;
using Aurion.Web.Pages.Shared;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;

namespace Aurion.Web.Pages.Account;

[Authorize, BuiltInAccounts]
public sealed class SecondFactorOffModel(SecondFactors factors, IStringLocalizer<AccountText> words) : PageModel
{
    [BindProperty]
    public InputModel Input { get; set; } = new();

    public void OnGet()
    {
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken ct)
    {
        if (!ModelState.IsValid)
            return this.Refused();
        switch (await factors.DisableAsync(User.Id(), Input.Password, ct))
        {
            case null:
                TempData.Toast(words["Two-step sign-in is off."]);
                return LocalRedirect("/account");
            case SecondFactorResult.TooMany tooMany:
                return this.TooMany(words, tooMany.Wait);
            case SecondFactorResult.Busy:
                return this.Busy(words);
            default:
                ModelState.AddModelError("Input.Password", words["The current password is wrong."]);
                return this.Refused();
        }
    }

    public sealed class InputModel
    {
        [Required(ErrorMessage = "Enter your current password.")]
        public string Password { get; set; } = "";
    }
}
