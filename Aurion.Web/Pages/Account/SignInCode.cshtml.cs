using System.ComponentModel.DataAnnotations;
using Aurion.Web.Account;
using Aurion.Web.Account.Deletion;
using Aurion.Web.Account.Sessions;
using Aurion.Web.Account.TwoStep;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;

namespace Aurion.Web.Pages.Account;

/// <summary>The second step of a sign-in, for whoever's password was right a moment ago.</summary>
[AlreadySignedIn, BuiltInAccounts]
public sealed class SignInCodeModel(
    PendingSignIns pendingSignIns, AccountSessions sessions, AccountDeletions deletions, KnownBrowser browsers, IStringLocalizer<AccountText> words) : PageModel
{
    internal const string TokenKey = "HalfSignIn";

    [BindProperty]
    public InputModel Input { get; set; } = new();

    [BindProperty(SupportsGet = true)]
    public string? ReturnUrl { get; set; }

    public async Task<IActionResult> OnGetAsync(CancellationToken ct) =>
        await pendingSignIns.FindAsync(TempData.Peek(TokenKey) as string, ct) is null ? Restart() : Page();

    public async Task<IActionResult> OnPostAsync(CancellationToken ct)
    {
        if (await pendingSignIns.FindAsync(TempData.Peek(TokenKey) as string, ct) is not { } credential)
            return Restart();
        if (!ModelState.IsValid)
            return this.Refused();

        var caller = Caller.Of(HttpContext, browsers.FindId(Request, credential.Email));
        switch (await sessions.FinishSignInAsync(credential, Input.Code, caller, ct))
        {
            case PasswordSignInResult.SignedIn signedIn:
                TempData.Remove(TokenKey);
                await sessions.WriteAsync(HttpContext, signedIn.UserId, credential.Email, signedIn.Token, ct);
                return LocalRedirect(LocalPath.OrDashboard(ReturnUrl));
            case PasswordSignInResult.DeletionScheduled { Deletion: var deletion }:
                TempData[KeepModel.TokenKey] = deletions.Issue(new(deletion.UserId, deletion.Id));
                return RedirectToPage("Keep");
            case PasswordSignInResult.TooMany tooMany:
                return this.TooMany(words, tooMany.Wait);
            default:
                ModelState.AddModelError("Input.Code", words["This code is wrong, or was used before. Wait for the next one."]);
                return this.Refused();
        }
    }

    private RedirectToPageResult Restart() => RedirectToPage("SignIn", new { returnUrl = ReturnUrl });

    public sealed class InputModel
    {
        [Required(ErrorMessage = "Enter a code.")]
        public string Code { get; set; } = "";
    }
}
