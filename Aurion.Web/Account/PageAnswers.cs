using System.Globalization;
using Aurion.Web.Account.Passwords;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;

namespace Aurion.Web.Account;

/// <summary>A refused form of the account pages: the same page with what was typed, and the status code of the refusal.</summary>
internal static class PageAnswers
{
    public static IActionResult Refused(this PageModel page, string? reason = null, int status = StatusCodes.Status422UnprocessableEntity)
    {
        if (reason is not null)
            page.ModelState.AddModelError("", reason);
        page.Response.StatusCode = status;
        return page.Page();
    }

    public static IActionResult TooMany(this PageModel page, IStringLocalizer<AccountText> words, TimeSpan wait)
    {
        var seconds = Math.Max(2, (int)Math.Ceiling(wait.TotalSeconds));
        page.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        var length = seconds < 120 ? words["{0} seconds", seconds] : words["{0} minutes", (seconds + 59) / 60];
        return page.Refused(words["Too many attempts. Try again in {0}.", length.Value], StatusCodes.Status429TooManyRequests);
    }

    public static IActionResult Busy(this PageModel page, IStringLocalizer<AccountText> words)
    {
        page.Response.Headers.RetryAfter = "5";
        return page.Refused(words["Many people are signing in right now. Try again in a few seconds."], StatusCodes.Status503ServiceUnavailable);
    }

    /// <summary>Why the current password was not taken, beside its field.</summary>
    public static IActionResult Refused(this PageModel page, IStringLocalizer<AccountText> words, PasswordChangeResult refusal, string field)
    {
        switch (refusal)
        {
            case PasswordChangeResult.TooMany tooMany:
                return page.TooMany(words, tooMany.Wait);
            case PasswordChangeResult.Busy:
                return page.Busy(words);
            default:
                page.ModelState.AddModelError(field, words["The current password is wrong."]);
                return page.Refused();
        }
    }
}
