using System.ComponentModel.DataAnnotations;
using Aurion.Web.Account;
using Aurion.Web.Account.Passwords;
using Aurion.Web.Infrastructure;
using Aurion.Web.Infrastructure.Mail;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;

namespace Aurion.Web.Pages.Account;

/// <summary>Open to who is signed in, too: the form that changes a password asks for the forgotten one.</summary>
public sealed class ForgottenModel(AccountPasswords passwords, MailSender mail, IStringLocalizer<AccountText> words) : PageModel
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
        if (!ModelState.IsValid)
            return this.Refused();
        if (!mail.IsPossible)
            return this.Refused(words["This site cannot send e-mail at the moment. Contact support to get a new password."], StatusCodes.Status503ServiceUnavailable);

        return await passwords.RequestResetAsync(email!, HttpContext.Connection.RemoteIpAddress, ct) is { } wait
            ? this.TooMany(words, wait)
            : LocalRedirect("/account/forgotten?sent=true");
    }

    public sealed class InputModel
    {
        [Required(ErrorMessage = "Enter your e-mail address.")]
        public string Email { get; set; } = "";
    }
}
