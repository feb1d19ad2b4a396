using System.Globalization;
using System.Text.RegularExpressions;

namespace Aurion.Web.Infrastructure;

/// <summary>Figures as people type them in the language of the request: 1,000.50 or 1 000,50. What could mean two things is refused.</summary>
internal static class TypedFigures
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>An amount of dollars, as cents; null when it is none.</summary>
    public static int? Cents(string? text) => Read(text?.Replace("$", "", StringComparison.Ordinal), decimals: true) is { } amount ? (int)(amount * 100) : null;

    /// <summary>A number without decimals; null when it is none.</summary>
    public static int? Whole(string? text) => (int?)Read(text, decimals: false);

    private static decimal? Read(string? text, bool decimals)
    {
        var numbers = CultureInfo.CurrentCulture.NumberFormat;
        var group = string.IsNullOrWhiteSpace(numbers.NumberGroupSeparator) ? @"\s" : Regex.Escape(numbers.NumberGroupSeparator);
        var point = Regex.Escape(numbers.NumberDecimalSeparator);
        var form = $@"^(\d{{1,7}}|\d{{1,3}}({group}\d{{3}}){{1,2}}){(decimals ? $@"({point}(?<cents>\d{{1,2}}))?" : "")}$";
        var match = Regex.Match(text?.Trim() ?? "", form, RegexOptions.CultureInvariant, Patience);
        if (!match.Success)
            return null;
        var whole = decimal.Parse(Regex.Replace(match.Groups[1].Value, @"\D", "", RegexOptions.None, Patience), CultureInfo.InvariantCulture);
        var cents = match.Groups["cents"] is { Success: true, Value: var typed } ? int.Parse(typed.PadRight(2, '0'), CultureInfo.InvariantCulture) : 0;
        return whole + (cents / 100m);
    }
}
