using System.ComponentModel.DataAnnotations;
using Aurion.Data.Account;
using Aurion.Web.Account;
using Aurion.Web.Account.TwoStep;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;

namespace Aurion.Web.Pages.Account;

/// <summary>Switches the second step of the sign-in on. Until then its secret is in an encrypted cookie alone.</summary>
[Authorize, BuiltInAccounts]
[ResponseCache(NoStore = true)]
public sealed class SecondFactorModel(SecondFactors factors, SecondFactorStore store, IStringLocalizer<AccountText> words) : PageModel
{
    private const string SecretKey = "SecondFactorSecret";

    [BindProperty]
    public InputModel Input { get; set; } = new();

    /// <summary>Null while it is off.</summary>
    public SecondFactor? Factor { get; private set; }

    /// <summary>Shown once, when it was just switched on.</summary>
    public IReadOnlyList<string>? RecoveryCodes { get; private set; }

    /// <summary>The secret in groups of four.</summary>
    public string Key => string.Join(' ', Secret.Chunk(4).Select(group => new string(group)));

    public QrCode Qr => QrCode.Of(SecondFactors.Uri(Secret, User.Email()));

    private string Secret => (string)(TempData.Peek(SecretKey) ?? (TempData[SecretKey] = SecondFactors.NewSecret()));

    public async Task<IActionResult> OnGetAsync(CancellationToken ct)
    {
        Factor = await store.FindAsync(User.Id(), ct);
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken ct)
    {
        if ((Factor = await store.FindAsync(User.Id(), ct)) is not null)
            return RedirectToPage();
        if (!ModelState.IsValid)
            return this.Refused();

        switch (await factors.EnableAsync(User.Id(), Secret, Input.Password, Input.Code, ct))
        {
            case SecondFactorResult.Enabled enabled:
                TempData.Remove(SecretKey);
                RecoveryCodes = enabled.RecoveryCodes;
                return Page();
            case SecondFactorResult.PasswordRefused { Refusal: var refusal }:
                return this.Refused(words, refusal, "Input.Password");
            default:
                ModelState.AddModelError("Input.Code", words["This is not the code that the key gives now. Is the clock of your phone right?"]);
                return this.Refused();
        }
    }

    public sealed class InputModel
    {
        [Required(ErrorMessage = "Enter a code.")]
        public string Code { get; set; } = "";

        [Required(ErrorMessage = "Enter your current password.")]
        public string Password { get; set; } = "";
    }
}
