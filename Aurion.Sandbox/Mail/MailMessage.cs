using System.Text.RegularExpressions;

namespace Aurion.Sandbox.Mail;

/// <summary>A message as the mailbox shows it.</summary>
internal sealed partial record MailMessage(int Id, DateTimeOffset ReceivedAt, string From, IReadOnlyList<string> To, string Subject, string Text, string? Html, string Raw)
{
    /// <summary>Every address in the message that can be clicked, in order, each once.</summary>
    public IReadOnlyList<string> Links { get; } =
        [.. HttpLink().Matches(Text + "\n" + System.Net.WebUtility.HtmlDecode(Html ?? "")).Select(match => match.Value.TrimEnd('.', ',', ')')).Distinct()];

    public bool IsTo(string address) => To.Contains(address, StringComparer.OrdinalIgnoreCase);

    [GeneratedRegex("""https?://[^\s"'<>]+""", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    public static partial Regex HttpLink();
}
