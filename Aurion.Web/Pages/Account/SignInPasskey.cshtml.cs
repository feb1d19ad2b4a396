using Aurion.Web.Account;
using Aurion.Web.Account.Deletion;
using Aurion.Web.Account.Passkeys;
using Aurion.Web.Account.Sessions;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;

namespace Aurion.Web.Pages.Account;

/// <summary>The page whose script asks the device for a passkey, and its answer.</summary>
[AlreadySignedIn, BuiltInAccounts]
[ResponseCache(NoStore = true)]
public sealed class SignInPasskeyModel(
    PasskeySignIns signIns, AccountSessions sessions, AccountDeletions deletions, KnownBrowser browsers, IStringLocalizer<AccountText> words) : PageModel
{
    private const string ChallengeKey = "PasskeySignIn";

    [BindProperty]
    public string? Answer { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? ReturnUrl { get; set; }

    /// <summary>What the device is asked; null when too much was asked.</summary>
    public string? Options { get; private set; }

    public async Task<IActionResult> OnGetAsync(CancellationToken ct) =>
        User.FindId() is not null ? LocalRedirect(LocalPath.OrDashboard(ReturnUrl)) : await AskAsync(null, ct);

    public async Task<IActionResult> OnPostAsync(CancellationToken ct)
    {
        var challenge = TempData[ChallengeKey] as Guid? ?? Guid.Empty;
        switch (await signIns.SignInAsync(challenge, Answer, Caller.Of(HttpContext), email => browsers.FindId(Request, email) is not null, ct))
        {
            case PasskeySignInResult.SignedIn signedIn:
                await sessions.WriteAsync(HttpContext, signedIn.UserId, signedIn.Email, signedIn.Token, ct);
                return LocalRedirect(LocalPath.OrDashboard(ReturnUrl));
            case PasskeySignInResult.DeletionScheduled { Deletion: var deletion }:
                TempData[KeepModel.TokenKey] = deletions.Issue(new(deletion.UserId, deletion.Id));
                return RedirectToPage("Keep");
            default:
                return await AskAsync(words["This passkey was not accepted. Try again, or sign in with your password."], ct);
        }
    }

    private async Task<IActionResult> AskAsync(string? refusal, CancellationToken ct)
    {
        (var challenge, Options, var wait) = await signIns.BeginAsync(Caller.Of(HttpContext), ct);
        if (Options is null)
            return this.TooMany(words, wait);
        TempData[ChallengeKey] = challenge;
        return refusal is null ? Page() : this.Refused(refusal);
    }
}
