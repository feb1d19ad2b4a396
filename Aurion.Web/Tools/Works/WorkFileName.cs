using System.Text;

namespace Aurion.Web.Tools.Works;

/// <summary>What a piece is called where it is saved.</summary>
public static class WorkFileName
{
    /// <summary>Letters, digits and hyphens of a title; never empty.</summary>
    public static string Of(string title)
    {
        var name = new StringBuilder();
        foreach (var c in title.Normalized(NormalizationForm.FormC))
            if (char.IsLetterOrDigit(c))
                name.Append(char.ToLowerInvariant(c));
            else if (name.Length > 0 && name[^1] != '-')
                name.Append('-');
        var plain = name.ToString().Trim('-');
        return plain.Length == 0 ? "aurion" : plain.Length > 60 ? plain[..60].TrimEnd('-') : plain;
    }
}
