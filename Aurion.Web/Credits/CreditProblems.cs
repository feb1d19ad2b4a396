using System.Globalization;
using Aurion.Web.Infrastructure.Errors;

namespace Aurion.Web.Credits;

/// <summary>How the API refuses what an account cannot pay for at this moment: the same whatever it was for. Credits.</summary>
public static class CreditProblems
{
    /// <param name="message">Says what costs <paramref name="required"/>; null for a tool.</param>
    public static IResult Insufficient(int required, int available, ApiMessage? message = null) =>
        Answer("INSUFFICIENT_CREDITS", "Insufficient credits", message ?? new("This tool costs {0} credits and {1} are left.", required, available), required, available);

    public static IResult Frozen(int required, int available) => Answer("ACCOUNT_FROZEN", "Account frozen",
        "The plan's credits wait: its last renewal is unpaid, or a payment is contested at the bank. The billing page says which, and the way on.", required, available);

    public static IResult Capped(ReachedCap cap)
    {
        ArgumentNullException.ThrowIfNull(cap);
        return ApiProblem.Answer(StatusCodes.Status403Forbidden, cap.IsDaily ? "DAILY_CAP" : "MONTHLY_CAP", "Own spending limit reached",
            new("This costs {0} credits and the limit that the account's owner set has {1} left; it begins anew at {2}.", cap.Required, cap.Left, cap.EndsAt.UtcDateTime.ToString("u", CultureInfo.InvariantCulture)),
            ("required", cap.Required), ("available", cap.Left), ("endsAt", cap.EndsAt), ("settings_url", CapWords.Settings));
    }

    /// <summary>A second is enough.</summary>
    public static IResult Busy(HttpContext http)
    {
        ArgumentNullException.ThrowIfNull(http);
        http.Response.Headers.RetryAfter = "1";
        return ApiProblem.Answer(StatusCodes.Status503ServiceUnavailable, "BUSY", "Too many launches at once", "Nothing was charged. Try again in a second.");
    }

    private static IResult Answer(string code, string error, ApiMessage message, int required, int available) =>
        ApiProblem.Answer(StatusCodes.Status403Forbidden, code, error, message, ("required", required), ("available", available), ("upgrade_url", "/pricing"));
}
