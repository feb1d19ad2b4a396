using System.Globalization;
using System.Text;
using Aurion.Web.Infrastructure;

namespace Aurion.Web.Tools;

/// <summary>Text as people type it in a search box: no case, no accents, one kind of apostrophe.</summary>
public static class SearchText
{
    public static string Normalize(string text)
    {
        var plain = new StringBuilder(text.Length);
        foreach (var c in text.Normalized(NormalizationForm.FormD))
            if (CharUnicodeInfo.GetUnicodeCategory(c) != UnicodeCategory.NonSpacingMark)
                plain.Append(c == '’' ? '\'' : char.ToLowerInvariant(c));
        return plain.ToString();
    }
}
