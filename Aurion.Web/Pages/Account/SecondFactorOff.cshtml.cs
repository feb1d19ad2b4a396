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
        if (await factors.DisableAsync(User.Id(), Input.Password, ct) is { } refusal)
            return this.Refused(words, refusal, "Input.Password");
        TempData.Toast(words["Two-step sign-in is off."]);
        return LocalRedirect("/account");
    }

    public sealed class InputModel
    {
        [Required(ErrorMessage = "Enter your current password.")]
        public string Password { get; set; } = "";
    }
}
