using System.Globalization;
using System.Resources;
using Aurion.Data.Tools;
using Microsoft.Extensions.Localization;

namespace Aurion.Web.Tools;

/// <summary>What a tool is called: the table has the English, the resource the other languages.</summary>
public sealed class ToolWords(IStringLocalizer<ToolsText> text)
{
    private static readonly ResourceSet? French =
        new ResourceManager(typeof(ToolsText)).GetResourceSet(CultureInfo.GetCultureInfo("fr"), createIfNotExists: true, tryParents: false);

    public string Name(ToolCard tool) => Name(tool.Name);

    public string Name(string english) => text[english];

    public string Description(ToolCard tool) => text[tool.Description];

    public string Category(string category) => text[Title(category)];

    /// <summary>Whether every wanted word stands somewhere in the tool's words, in either language.</summary>
    public bool Matches(ToolCard tool, IReadOnlyCollection<string> wanted)
    {
        if (wanted.Count == 0)
            return true;
        var words = SearchText.Normalize(string.Join(' ', tool.Id, InBoth(tool.Name), InBoth(tool.Description), InBoth(Title(tool.Category))));
        return wanted.All(words.Contains);
    }

    private static string Title(string category) => string.Concat(category[..1].ToUpperInvariant(), category[1..]);

    private static string InBoth(string english) => $"{english} {French?.GetString(english)}";
}
