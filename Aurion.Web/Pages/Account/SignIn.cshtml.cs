using System.ComponentModel.DataAnnotations;
using Aurion.Web.Account;
using Aurion.Web.Account.Deletion;
using Aurion.Web.Account.Identities;
using Aurion.Web.Account.Sessions;
using Aurion.Web.Infrastructure;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;

namespace Aurion.Web.Pages.Account;

[AlreadySignedIn, BuiltInAccounts(LeadsElsewhere = true)]
public sealed class SignInModel(AccountSessions sessions, AccountDeletions deletions, KnownBrowser browsers, IStringLocalizer<AccountText> words) : PageModel
{
    [BindProperty]
    public InputModel Input { get; set; } = new();

    [BindProperty(SupportsGet = true)]
    public string? ReturnUrl { get; set; }

    /// <summary>Why a sign-in at a provider led back here.</summary>
    [FromQuery]
    public IdentityProblem? Problem { get; set; }

    public IActionResult OnGet()
    {
        if (User.FindId() is not null)
            return LocalRedirect(LocalPath.OrDashboard(ReturnUrl));
        return Problem is { } problem && Enum.IsDefined(problem)
            ? this.Refused(SignInProblem.Say(problem, words), problem is IdentityProblem.Away ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status422UnprocessableEntity)
            : Page();
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken ct)
    {
        if (!ModelState.IsValid)
            return this.Refused();

        // What cannot be an address goes the same way as one that nobody has.
        var email = EmailAddress.Normalize(Input.Email) ?? Input.Email;
        var caller = Caller.Of(HttpContext, browsers.FindId(Request, email));
        switch (await sessions.SignInAsync(email, Input.Password, caller, ct))
        {
            case PasswordSignInResult.SignedIn signedIn:
                await sessions.WriteAsync(HttpContext, signedIn.UserId, email, signedIn.Token, ct);
                return LocalRedirect(LocalPath.OrDashboard(ReturnUrl));
            case PasswordSignInResult.NeedsCode { Token: var half }:
                TempData[SignInCodeModel.TokenKey] = half;
                return RedirectToPage("SignInCode", new { returnUrl = ReturnUrl });
            case PasswordSignInResult.DeletionScheduled { Deletion: var deletion }:
                TempData[KeepModel.TokenKey] = deletions.Issue(new(deletion.UserId, deletion.Id));
                return RedirectToPage("Keep");
            case PasswordSignInResult.TooMany tooMany:
                return this.TooMany(words, tooMany.Wait);
            case PasswordSignInResult.Busy:
                return this.Busy(words);
            default:
                return this.Refused(words["Wrong e-mail or password."]);
        }
    }

    public sealed class InputModel
    {
        [Required(ErrorMessage = "Enter your e-mail address."), StringLength(Aurion.Web.Infrastructure.EmailAddress.MaxLength, ErrorMessage = "Use at most {1} characters.")]
        public string Email { get; set; } = "";

        [Required(ErrorMessage = "Enter your password.")]
        public string Password { get; set; } = "";
    }
}
