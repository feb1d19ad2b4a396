using System.Globalization;
using System.Text;

namespace Aurion.Web.Infrastructure;

public static class UnicodeText
{
    /// <summary>
    /// The normal form of whatever somebody sends. <see cref="string.Normalize(NormalizationForm)"/> throws for lone surrogates and for
    /// noncharacters such as U+FFFE; here they become U+FFFD first.
    /// </summary>
    public static string Normalized(this string text, NormalizationForm form)
    {
        var known = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
            known.Append(IsNoncharacter(rune.Value) ? Rune.ReplacementChar : rune);
        return known.ToString().Normalize(form);
    }

    private static bool IsNoncharacter(int value) => (value & 0xFFFE) == 0xFFFE || value is >= 0xFDD0 and <= 0xFDEF;
}
