using System.Globalization;

namespace Aurion.Web.Account;

public static class PersonName
{
    public const int MaxLength = 100;

    /// <summary>What was typed, without the characters that no name has: controls, and marks that turn the text around.</summary>
    public static string? Clean(string? typed)
    {
        var name = string.Concat((typed ?? "").Where(c => !char.IsControl(c) && !TurnsText(c) && c is not ('\u2028' or '\u2029'))).Trim();
        return name.Length == 0 ? null : name;
    }

    private static bool TurnsText(char c) => c is (>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u2069') or '\u200e' or '\u200f'
        || CharUnicodeInfo.GetUnicodeCategory(c) is UnicodeCategory.PrivateUse;
}
