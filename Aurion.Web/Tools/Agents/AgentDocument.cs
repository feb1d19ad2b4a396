using System.Text.RegularExpressions;

namespace Aurion.Web.Tools.Agents;

/// <summary>The document that an agent writes, section by section, in Markdown.</summary>
internal static partial class AgentDocument
{
    public const string Path = "document.md";

    /// <summary>The text with a section at its end, or in the place of the one with the same heading.</summary>
    public static string WithSection(string text, string title, string heading, string markdown)
    {
        if (text.Trim().Length == 0)
            text = $"# {title}\n";
        if (markdown.Trim().Length == 0)
            return text;
        var line = $"## {Spaces().Replace(heading.TrimStart('#', ' '), " ").Trim()}";
        var lines = text.TrimEnd().Split('\n').ToList();
        var from = lines.FindIndex(each => each.Trim() == line);
        var section = $"{line}\n\n{markdown.Trim()}";
        if (from < 0)
            return $"{string.Join('\n', lines)}\n\n{section}\n";
        var to = lines.FindIndex(from + 1, each => Heading().IsMatch(each));
        return $"{string.Join('\n', [.. lines[..from], section, .. to < 0 ? [] : (string[])["", .. lines[to..]]])}\n";
    }

    [GeneratedRegex(@"\s+", RegexOptions.None, 1000)]
    private static partial Regex Spaces();

    [GeneratedRegex("^#{1,2} ", RegexOptions.None, 1000)]
    private static partial Regex Heading();
}
