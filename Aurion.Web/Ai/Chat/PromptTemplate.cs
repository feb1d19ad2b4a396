using System.Text.RegularExpressions;

namespace Aurion.Web.Ai.Chat;

/// <summary>A text with {{names}} in it, each of which stands for what is asked for when the text is used. Other braces are text.</summary>
public static partial class PromptTemplate
{
    /// <summary>In the order in which they come; upper and lower case are one name.</summary>
    public static IReadOnlyList<string> VariablesOf(string text) =>
        [.. Variable().Matches(text).Select(match => match.Groups["name"].Value).Distinct(StringComparer.OrdinalIgnoreCase)];

    /// <summary>How long <see cref="Fill"/> would be, without making it.</summary>
    public static long LengthOf(string text, IReadOnlyDictionary<string, string> values) =>
        text.Length + Variable().Matches(text).Sum(match => (long)values[match.Groups["name"].Value].Length - match.Length);

    /// <summary>Puts each value in the place of its name; names within a value stay as they are.</summary>
    /// <param name="values">One for each variable; its names are compared without case.</param>
    public static string Fill(string text, IReadOnlyDictionary<string, string> values) =>
        Variable().Replace(text, match => values[match.Groups["name"].Value]);

    [GeneratedRegex(@"\{\{ {0,9}(?<name>[\p{L}_][\p{L}\p{M}\p{N}_’' -]{0,38}[\p{L}\p{M}\p{N}_]|[\p{L}_]) {0,9}\}\}", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Variable();
}
