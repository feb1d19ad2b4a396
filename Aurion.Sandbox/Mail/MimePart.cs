using System.Net.Mime;
using System.Text;
using System.Text.RegularExpressions;

namespace Aurion.Sandbox.Mail;

/// <summary>As much of MIME as our own mails use: folded and encoded headers, multiparts, quoted-printable and base64.</summary>
internal sealed partial class MimePart
{
    private readonly Dictionary<string, string> headers = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<MimePart> parts = [];
    private readonly string body;

    private MimePart(string source)
    {
        var end = source.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        var head = end < 0 ? source : source[..end];
        body = end < 0 ? "" : source[(end + 4)..];
        foreach (var line in Fold().Replace(head, " ").Split("\r\n"))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon > 0)
                headers.TryAdd(line[..colon].Trim(), line[(colon + 1)..].Trim());
        }
        Type = ParseType(headers.GetValueOrDefault("Content-Type"));
        if (Type is { Boundary: { Length: > 0 } boundary })
            parts.AddRange(Split(boundary).Select(part => new MimePart(part)));
    }

    public ContentType Type { get; }

    // Latin-1 keeps every byte as one character, so that the source can be cut as text.
    public static MimePart Parse(byte[] raw) => new(Encoding.Latin1.GetString(raw));

    /// <summary>A header, decoded, or null.</summary>
    public string? Header(string name) => headers.TryGetValue(name, out var value)
        ? EncodedWord().Replace(BetweenEncodedWords().Replace(value, "$1"), match => Decode(match.Groups[3].Value, match.Groups[2].Value is "B" or "b", match.Groups[1].Value))
        : null;

    /// <summary>The first text of this type, here or in a part.</summary>
    public string? FindText(string mediaType) =>
        parts.Count > 0 ? parts.Select(part => part.FindText(mediaType)).FirstOrDefault(text => text is not null)
        : Type.MediaType.Equals(mediaType, StringComparison.OrdinalIgnoreCase) ? Text()
        : null;

    private string Text() => (headers.GetValueOrDefault("Content-Transfer-Encoding") ?? "").ToLowerInvariant() switch
    {
        "base64" => Charset(Type.CharSet).GetString(Convert.FromBase64String(body)),
        "quoted-printable" => Charset(Type.CharSet).GetString(QuotedPrintable(SoftBreak().Replace(body, ""))),
        _ => Charset(Type.CharSet).GetString(Encoding.Latin1.GetBytes(body)),
    };

    private IEnumerable<string> Split(string boundary) => ("\r\n" + body).Split("\r\n--" + boundary)
        .Skip(1)
        .TakeWhile(part => !part.StartsWith("--", StringComparison.Ordinal))
        .Select(part => part.TrimStart(' ', '\t') is ['\r', '\n', .. var rest] ? rest : part);

    private static string Decode(string text, bool base64, string charset) => base64
        ? Charset(charset).GetString(Convert.FromBase64String(text))
        : Charset(charset).GetString(QuotedPrintable(text.Replace('_', ' ')));

    private static byte[] QuotedPrintable(string text) => Encoding.Latin1.GetBytes(
        EscapedByte().Replace(text, match => ((char)Convert.ToByte(match.Groups[1].Value, 16)).ToString()));

    private static ContentType ParseType(string? header)
    {
        try
        {
            return new ContentType(header ?? "text/plain");
        }
        catch (FormatException)
        {
            return new ContentType("application/octet-stream");
        }
    }

    private static Encoding Charset(string? name)
    {
        try
        {
            return Encoding.GetEncoding(name ?? "utf-8");
        }
        catch (ArgumentException)
        {
            return Encoding.Latin1;
        }
    }

    [GeneratedRegex(@"\r\n[ \t]+", RegexOptions.None, 1000)]
    private static partial Regex Fold();

    [GeneratedRegex(@"=\?([^?]+)\?([BbQq])\?([^?]*)\?=", RegexOptions.None, 1000)]
    private static partial Regex EncodedWord();

    [GeneratedRegex(@"(\?=)\s+(?==\?)", RegexOptions.None, 1000)]
    private static partial Regex BetweenEncodedWords();

    [GeneratedRegex(@"=[ \t]*\r\n", RegexOptions.None, 1000)]
    private static partial Regex SoftBreak();

    [GeneratedRegex(@"=([0-9A-Fa-f]{2})", RegexOptions.None, 1000)]
    private static partial Regex EscapedByte();
}
