using Microsoft.Extensions.Localization;

namespace Aurion.Web.Account.Identities;

/// <summary>Leads back to the sign-in page, which says in the person's language what was wrong.</summary>
public static class SignInProblem
{
    public static IResult Answer(IdentityProblem problem, string? returnUrl) => Results.LocalRedirect(AddressOf(problem, returnUrl));

    public static string AddressOf(IdentityProblem problem, string? returnUrl)
    {
        var address = $"/account/sign-in?problem={problem.ToString().ToLowerInvariant()}";
        return LocalPath.IsLocal(returnUrl) && returnUrl != LocalPath.Dashboard ? $"{address}&returnUrl={Uri.EscapeDataString(returnUrl!)}" : address;
    }

    public static string Say(IdentityProblem problem, IStringLocalizer<AccountText> words) => problem switch
    {
        IdentityProblem.Away => words["The service where you sign in does not answer at the moment. Please try again in a few minutes."],
        IdentityProblem.Unfinished => words["The sign-in was not completed, or was begun in another browser. Please try again."],
        IdentityProblem.Pending => words["The sign-in is not complete: one step is still missing. Sign in again and finish it."],
        IdentityProblem.Unverified => words["Your e-mail address is not verified there. Verify it with the service where you sign in, then try again."],
        IdentityProblem.Taken => words["An account with this e-mail address belongs to somebody who signs in differently. Sign in the way you did before."],
        _ => words["This account is closed."],
    };
}
