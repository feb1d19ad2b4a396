using System.ComponentModel.DataAnnotations;
using Aurion.Web.Account;
using Aurion.Web.Account.Addresses;
using Aurion.Web.Account.Passwords;
using Aurion.Web.Infrastructure;
using Aurion.Web.Infrastructure.Mail;
using Aurion.Web.Infrastructure.Settings;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;

namespace Aurion.Web.Pages.Account;

[Authorize, BuiltInAccounts]
public sealed class EmailModel(AccountAddresses addresses, MailSender mail, SignUpOptions rules, SiteOptions site, IStringLocalizer<AccountText> words) : PageModel
{
    [BindProperty]
    public InputModel Input { get; set; } = new();

    [FromQuery]
    public string? Sent { get; set; }

    public void OnGet()
    {
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken ct)
    {
        var email = EmailAddress.Normalize(Input.Email);
        if (email is null && !string.IsNullOrWhiteSpace(Input.Email))
            ModelState.AddModelError("Input.Email", words["Enter a valid e-mail address, such as name@example.com."]);
        else if (email == User.Email())
            ModelState.AddModelError("Input.Email", words["This is your address already."]);
        else if (email is not null && rules.Refuses(email))
            ModelState.AddModelError("Input.Email", words["Addresses of this provider are not accepted. Use one that you will keep."]);
        if (!ModelState.IsValid)
            return this.Refused();
        if (!mail.IsPossible)
            return this.Refused(words["This site cannot send e-mail at the moment. Contact support."], StatusCodes.Status503ServiceUnavailable);
        // An administrator's address opens more than an account: it is not taken over by a form.
        if (site.Admins.Contains(email, StringComparer.OrdinalIgnoreCase))
            return RedirectToPage(new { sent = "true" });

        return await addresses.RequestChangeAsync(User.Id(), Input.Password, email!, ct) is var result and not PasswordChangeResult.Changed
            ? this.Refused(words, result, "Input.Password")
            : RedirectToPage(new { sent = "true" });
    }

    public sealed class InputModel
    {
        [Required(ErrorMessage = "Enter your e-mail address.")]
        public string Email { get; set; } = "";

        [Required(ErrorMessage = "Enter your current password.")]
        public string Password { get; set; } = "";
    }
}
