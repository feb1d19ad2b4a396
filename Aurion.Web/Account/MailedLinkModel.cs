using System.ComponentModel.DataAnnotations;
using System.Net;
using Aurion.Web.Infrastructure;
using Aurion.Web.Infrastructure.Mail;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;

namespace Aurion.Web.Account;

/// <summary>Asks for an address and mails it a link. Says the same to every address, whether it has an account or not.</summary>
public abstract class MailedLinkModel(MailSender mail, IStringLocalizer<AccountText> words) : PageModel
{
    [BindProperty]
    public InputModel Input { get; set; } = new();

    [FromQuery]
    public string? Sent { get; set; }

    /// <summary>What is said on a site that cannot send e-mail.</summary>
    protected abstract string WithoutMail { get; }

    /// <summary>Queues the mail; how long to wait when it was asked too often.</summary>
    protected abstract Task<TimeSpan?> RequestAsync(string email, IPAddress? address, CancellationToken ct);

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
            return this.Refused(WithoutMail, StatusCodes.Status503ServiceUnavailable);

        return await RequestAsync(email!, HttpContext.Connection.RemoteIpAddress, ct) is { } wait
            ? this.TooMany(words, wait)
            : RedirectToPage(new { sent = "true" });
    }

    public sealed class InputModel
    {
        [Required(ErrorMessage = "Enter your e-mail address.")]
        public string Email { get; set; } = "";
    }
}
