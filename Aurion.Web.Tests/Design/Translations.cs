using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Aurion.Web.Tests.Design;

/// <summary>Which English sentences the source asks a localizer for, and what the French resources answer.</summary>
internal static partial class Translations
{
    /// <summary>Every resource by the name of its marker class, as English → French.</summary>
    public static IReadOnlyDictionary<string, Dictionary<string, string>> French { get; } =
        Source.Files("Aurion.Web", "*.fr.resx").ToDictionary(
            file => Path.GetFileName(file).Replace(".fr.resx", "", StringComparison.Ordinal),
            file => XDocument.Load(file).Root!.Elements("data").ToDictionary(
                data => data.Attribute("name")!.Value, data => data.Element("value")!.Value, StringComparer.OrdinalIgnoreCase));

    /// <summary>File, marker class and sentence of each use.</summary>
    public static IReadOnlyList<(string File, string Text, string Key)> Uses { get; } =
        [.. Source.Files("Aurion.Web", "*.cs*").Where(file => Path.GetExtension(file) is ".cs" or ".cshtml").SelectMany(UsesIn)];

    private static IEnumerable<(string File, string Text, string Key)> UsesIn(string file)
    {
        var source = File.ReadAllText(file);
        var inherited = Path.GetExtension(file) == ".cshtml" ? Imports(Path.GetDirectoryName(file)!) : [];
        var localizers = inherited.Concat(Localizers(source)).GroupBy(l => l.Name).ToDictionary(l => l.Key, l => l.Last().Text);
        return localizers.SelectMany(localizer =>
            Regex.Matches(source, $$"""\b{{Regex.Escape(localizer.Key)}}\["(?<key>(?:[^"\\]|\\.)*)"[\],]""", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(5))
                .Select(use => (Path.GetRelativePath(Source.Root, file), localizer.Value, Regex.Unescape(use.Groups["key"].Value))));
    }

    private static IEnumerable<(string Name, string Text)> Imports(string folder) =>
        folder.Length < Source.Root.Length ? [] : Imports(Path.GetDirectoryName(folder)!).Concat(
            File.Exists(Path.Combine(folder, "_ViewImports.cshtml")) ? Localizers(File.ReadAllText(Path.Combine(folder, "_ViewImports.cshtml"))) : []);

    private static IEnumerable<(string Name, string Text)> Localizers(string source) =>
        Declaration().Matches(source).Select(match => (match.Groups["name"].Value, match.Groups["text"].Value));

    [GeneratedRegex("""I(?:String|Html)Localizer<(?<text>\w+)>\s+(?<name>\w+)""", RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex Declaration();
}
