using System.Globalization;
using System.Text.RegularExpressions;

namespace Aurion.Sandbox.Mail;

/// <summary>A message as the mailbox shows it.</summary>
public sealed partial record MailMessage(int Id, DateTimeOffset ReceivedAt, string From, IReadOnlyList<string> To, string Subject, string Text, string? Html, string Raw)
{
    private const int PreviewLength = 120;

    /// <summary>Every address in the message that can be clicked, in order, each once.</summary>
    public IReadOnlyList<string> Links { get; } =
        [.. HttpLink().Matches(Text + "\n" + System.Net.WebUtility.HtmlDecode(Html ?? "")).Select(match => match.Value.TrimEnd('.', ',', ')')).Distinct()];

    internal string Title => Subject.Length == 0 ? "(no subject)" : Subject;

    internal string At => ReceivedAt.ToString("d MMM HH:mm:ss", CultureInfo.InvariantCulture);

    internal string Preview => Text.ReplaceLineEndings(" ") is { Length: > PreviewLength } text ? text[..PreviewLength] : Text.ReplaceLineEndings(" ");

    public bool IsTo(string address) => To.Contains(address, StringComparer.OrdinalIgnoreCase);

    /// <summary>The text in pieces, of which some are links.</summary>
    internal IEnumerable<(string Text, bool IsLink)> Pieces()
    {
        var at = 0;
        foreach (var link in HttpLink().Matches(Text).ToList())
        {
            yield return (Text[at..link.Index], false);
            yield return (Text.Substring(link.Index, link.Length), true);
            at = link.Index + link.Length;
        }
        yield return (Text[at..], false);
    }

    [GeneratedRegex("""https?://[^\s"'<>]+""", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex HttpLink();
}
