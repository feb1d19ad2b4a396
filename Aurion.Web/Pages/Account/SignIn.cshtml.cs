using System.ComponentModel.DataAnnotations;
using Aurion.Web.Account;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;

namespace Aurion.Web.Pages.Account;

[AlreadySignedIn]
public sealed class SignInModel(SessionOpener sessions, KnownBrowser browsers, SignInCompletion arrival, IStringLocalizer<AccountText> words) : PageModel
{
    [BindProperty]
    public InputModel Input { get; set; } = new();

    [BindProperty(SupportsGet = true)]
    public string? ReturnUrl { get; set; }

    public IActionResult OnGet() => User.FindId() is null ? Page() : LocalRedirect(LocalPath.OrDashboard(ReturnUrl));

    public async Task<IActionResult> OnPostAsync(CancellationToken ct)
    {
        if (!ModelState.IsValid)
            return this.Refused();

        // What cannot be an address goes the same way as one that nobody has.
        var email = EmailAddress.Normalize(Input.Email) ?? Input.Email;
        var caller = Caller.Of(HttpContext, browsers.FindMark(Request, email));
        switch (await sessions.SignInAsync(email, Input.Password, caller, ct))
        {
            case SignInOutcome.SignedIn signedIn:
                await arrival.WelcomeAsync(HttpContext, signedIn.UserId, email, signedIn.Token, ct);
                return LocalRedirect(LocalPath.OrDashboard(ReturnUrl));
            case SignInOutcome.TooMany tooMany:
                return this.TooMany(words, tooMany.Wait);
            case SignInOutcome.Busy:
                return this.Busy(words);
            default:
                return this.Refused(words["This e-mail and this password do not go together. Check both, or create an account."]);
        }
    }

    public sealed class InputModel
    {
        [Required(ErrorMessage = "Enter your e-mail address."), StringLength(Aurion.Web.Account.EmailAddress.MaxLength, ErrorMessage = "Use at most {1} characters.")]
        public string Email { get; set; } = "";

        [Required(ErrorMessage = "Enter your password.")]
        public string Password { get; set; } = "";
    }
}
