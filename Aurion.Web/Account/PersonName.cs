using System.Globalization;

namespace Aurion.Web.Account;

public static class PersonName
{
    public const int MaxLength = 100;

    /// <summary>What was typed, without the characters that no name has: controls, and marks that turn the text around.</summary>
    public static string? Clean(string? typed)
    {
        var name = string.Concat((typed ?? "").Where(c => !char.IsControl(c) && !TurnsText(c) && c is not ('\u2028' or '\u2029'))).Trim();
        // Characters without any shape join others (an emoji, a word in Persian); alone they are no name.
        return name.All(c => char.IsWhiteSpace(c) || IsShapeless(c)) ? null : name;
    }

    private static bool IsShapeless(char c) => c is '\u115f' or '\u1160' or '\u2800' or '\u3164' or '\uffa0' || CharUnicodeInfo.GetUnicodeCategory(c) is UnicodeCategory.Format
        or UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.OtherNotAssigned;

    private static bool TurnsText(char c) => c is (>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u2069') or '\u200e' or '\u200f'
        || CharUnicodeInfo.GetUnicodeCategory(c) is UnicodeCategory.PrivateUse;
}
