using System.ComponentModel.DataAnnotations;
using Aurion.Web.Account;
using Aurion.Web.Billing.Subscriptions;
using Aurion.Web.Infrastructure;
using Aurion.Web.Infrastructure.Mail;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;

namespace Aurion.Web.Pages.Billing;

/// <summary>Cancelling without signing in: asks for the address and mails the link that does it. Says the same to every address.</summary>
public sealed class CancelRequestModel(CancelLinks links, MailSender mail, IStringLocalizer<AccountText> words) : PageModel
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
            return this.Refused(words["This site cannot send e-mail at the moment. Sign in to cancel, or contact support."], StatusCodes.Status503ServiceUnavailable);

        return await links.RequestAsync(email!, HttpContext.Connection.RemoteIpAddress, ct) is { } wait
            ? this.TooMany(words, wait)
            : RedirectToPage(new { sent = true });
    }

    public sealed class InputModel
    {
        [Required(ErrorMessage = "Enter your e-mail address.")]
        public string Email { get; set; } = "";
    }
}
