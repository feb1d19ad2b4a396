using System.Globalization;
using System.Text.RegularExpressions;

namespace Aurion.Web.Infrastructure;

/// <summary>The one judge of e-mail addresses, for sign-up and for sending: trimmed, lower case, the domain in ASCII (IDNA).</summary>
public static partial class EmailAddress
{
    public const int MaxLength = 254;

    private static readonly IdnMapping Idn = new();

    /// <summary>The stored spelling, or null when it cannot be an address.</summary>
    public static string? Normalize(string? typed)
    {
        var text = typed?.Trim() ?? "";
        var at = text.LastIndexOf('@');
        if (at < 1 || text.Length > MaxLength || AsciiDomain(text[(at + 1)..]) is not { } domain)
            return null;

        var address = $"{text[..at]}@{domain}".ToLowerInvariant();
        return address.Length <= MaxLength && Shape().IsMatch(address) ? address : null;
    }

    /// <summary>Splits <c>Name &lt;address&gt;</c>, where the name may hold commas and accents without quotes; null without a valid address.</summary>
    public static (string Name, string Address)? SplitMailbox(string text)
    {
        var (name, typed) = text.TrimEnd() is [.., '>'] closed && closed.LastIndexOf('<') is >= 0 and var open
            ? (closed[..open].Trim().Trim('"'), closed[(open + 1)..^1])
            : ("", text);
        return Normalize(typed) is { } address ? (name, address) : null;
    }

    /// <summary>
    /// The spelling for SMTP: a local part with dots at its ends or side by side is sent in quotes (RFC 5321, 4.1.2). Japanese
    /// carriers gave out such addresses.
    /// </summary>
    public static string ForSmtp(string normalized)
    {
        var at = normalized.LastIndexOf('@');
        var local = normalized[..at];
        return local.StartsWith('.') || local.EndsWith('.') || local.Contains("..", StringComparison.Ordinal) ? $"\"{local}\"{normalized[at..]}" : normalized;
    }

    private static string? AsciiDomain(string domain)
    {
        try
        {
            return Idn.GetAscii(domain);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    // The browsers' own rule for <input type=email>, with a dot in the domain.
    [GeneratedRegex(@"^[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)+\z",
        RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Shape();
}
