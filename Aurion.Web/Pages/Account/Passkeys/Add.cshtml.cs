using System.ComponentModel.DataAnnotations;
using Aurion.Web.Account;
using Aurion.Web.Account.Passkeys;
using Aurion.Web.Account.Sessions;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using Microsoft.Extensions.Localization;

namespace Aurion.Web.Pages.Account.Passkeys;

/// <summary>The first half of adding a passkey: its name, and the password, which a stolen session does not know.</summary>
[Authorize, BuiltInAccounts]
public sealed class AddModel(AccountPasskeys passkeys, IStringLocalizer<AccountText> words) : PageModel
{
    private const string Key = "PasskeyToAdd";

    [BindProperty]
    public InputModel Input { get; set; } = new();

    public void OnGet() => Input.Name = Device.Describe(Request.Headers.UserAgent) ?? "";

    public async Task<IActionResult> OnPostAsync(CancellationToken ct)
    {
        var name = PersonName.Clean(Input.Name);
        if (ModelState.IsValid && name is null)
            ModelState.AddModelError("Input.Name", words["Enter a name."]);
        if (!ModelState.IsValid)
            return this.Refused();

        var (challenge, refusal) = await passkeys.BeginAsync(User.Id(), User.SessionId(), Input.Password, ct);
        if (refusal is not null)
            return this.Refused(words, refusal, "Input.Password");
        // As one text: a name alone that looks like a date comes back as one.
        TempData[Key] = $"{challenge} {name}";
        return LocalRedirect("/account/passkeys/create");
    }

    /// <summary>What was begun last in this browser.</summary>
    internal static (Guid Challenge, string Name) Begun(ITempDataDictionary tempData) =>
        (tempData.Peek(Key) as string)?.Split(' ', 2) is [var id, var name] && Guid.TryParse(id, out var challenge) ? (challenge, name) : (Guid.Empty, "");

    public sealed class InputModel
    {
        [Required(ErrorMessage = "Enter a name."), StringLength(AccountPasskeys.MostNameLength, ErrorMessage = "Use at most {1} characters.")]
        public string Name { get; set; } = "";

        [Required(ErrorMessage = "Enter your current password.")]
        public string Password { get; set; } = "";
    }
}
