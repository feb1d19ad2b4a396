using System.Globalization;
using System.Text.RegularExpressions;

namespace Aurion.Web.Account;

/// <summary>An e-mail address in the one spelling we store: trimmed, lower case, the domain in ASCII.</summary>
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
