using System.Globalization;
using System.Text.RegularExpressions;

namespace Aurion.Sandbox.OpenRouter;

/// <summary>
/// What a prompt asks to go wrong: <c>fail:401</c>, <c>402</c>, <c>408</c>, <c>429</c> (with Retry-After), <c>502</c>;
/// <c>fail:after:3</c> breaks a stream after three pieces; <c>fail:silence</c> never answers; <c>fail:slow</c> takes its time.
/// </summary>
internal sealed partial record Trouble(int Status, int? BreakAfter, bool Silent, bool Slow)
{
    public static Trouble In(string prompt)
    {
        var match = Wish().Match(prompt);
        var what = match.Groups["what"].Value;
        var number = int.TryParse(match.Groups["number"].Value, CultureInfo.InvariantCulture, out var n) ? n : 0;
        return new Trouble(number >= 100 && what.Length == 0 ? number : 0, what == "after:" ? number : null, what == "silence", what == "slow");
    }

    public IResult Refuse(HttpContext context)
    {
        if (Status == 429)
            context.Response.Headers.RetryAfter = "7";
        return Answers.Error(Status, Status switch
        {
            401 => "No auth credentials found",
            402 => "Insufficient credits. Add more using https://openrouter.ai/settings/credits",
            403 => "The input was flagged by moderation.",
            408 => "Request timed out",
            429 => "Rate limit exceeded: limit_rpm",
            502 => "Provider returned error",
            _ => "No allowed providers are available for the selected model.",
        }, Status == 502 ? new { provider_name = "Sandbox", raw = "upstream connect error" } : null);
    }

    [GeneratedRegex(@"\bfail:(?<what>after:|silence|slow)?(?<number>\d{1,3})?", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Wish();
}
