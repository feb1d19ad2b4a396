using System.ComponentModel.DataAnnotations;
using Aurion.Web.Account;
using Aurion.Web.Account.Passwords;
using Aurion.Web.Account.Sessions;
using Aurion.Web.Infrastructure;
using Aurion.Web.Infrastructure.Settings;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;

namespace Aurion.Web.Pages.Account;

[AlreadySignedIn, BuiltInAccounts(LeadsElsewhere = true)]
public sealed class SignUpModel(Accounts accounts, AccountSessions sessions, SignUpOptions rules, IStringLocalizer<AccountText> words) : PageModel
{
    [BindProperty]
    public InputModel Input { get; set; } = new();

    [BindProperty(SupportsGet = true)]
    public string? ReturnUrl { get; set; }

    public bool IsTaken { get; private set; }

    public IActionResult OnGet() => User.FindId() is null ? Page() : LocalRedirect(LocalPath.OrDashboard(ReturnUrl));

    public async Task<IActionResult> OnPostAsync(CancellationToken ct)
    {
        var email = EmailAddress.Normalize(Input.Email);
        var name = PersonName.Clean(Input.FullName);
        if (!IsAcceptable(email, name))
            return this.Refused();

        switch (await accounts.CreateAsync(email!, name, Input.Password, Caller.Of(HttpContext), ct))
        {
            case SignUpResult.Created created:
                await sessions.WriteAsync(HttpContext, created.UserId, email!, created.Token, ct);
                // Who came to buy goes on to that; every page says that the free credits wait.
                return LocalRedirect(created.CreditsWait && !LocalPath.IsLocal(ReturnUrl) ? "/account/verify" : LocalPath.OrDashboard(ReturnUrl));
            case SignUpResult.TooMany tooMany:
                return this.TooMany(words, tooMany.Wait);
            case SignUpResult.Busy:
                return this.Busy(words);
            default:
                IsTaken = true;
                ModelState.AddModelError("Input.Email", words["Sign in with this address, or use another one."]);
                return this.Refused();
        }
    }

    private bool IsAcceptable(string? email, string? name)
    {
        if (email is null && !string.IsNullOrWhiteSpace(Input.Email))
            ModelState.AddModelError("Input.Email", words["Enter a valid e-mail address, such as name@example.com."]);
        if (email is not null && rules.Refuses(email))
            ModelState.AddModelError("Input.Email", words["Addresses of this provider are not accepted. Use one that you will keep."]);
        if (!string.IsNullOrEmpty(Input.Password) && PasswordRules.Check(Input.Password, email ?? "", name) is var fault and not PasswordFault.None)
            ModelState.AddModelError("Input.Password", words[PasswordRules.Words(fault)]);
        return ModelState.IsValid;
    }

    public sealed class InputModel
    {
        [StringLength(PersonName.MaxLength, ErrorMessage = "Use at most {1} characters.")]
        public string? FullName { get; set; }

        [Required(ErrorMessage = "Enter your e-mail address.")]
        public string Email { get; set; } = "";

        [Required(ErrorMessage = "Choose a password.")]
        public string Password { get; set; } = "";
    }
}
