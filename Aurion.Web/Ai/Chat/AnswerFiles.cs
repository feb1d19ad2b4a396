using System.Text.RegularExpressions;
using Markdig;
using Markdig.Syntax;

namespace Aurion.Web.Ai.Chat;

/// <summary>A file that an answer holds.</summary>
public sealed record AnswerFile(string Name, string Content)
{
    /// <summary>Without its folders.</summary>
    public string ShortName => Name[(Name.LastIndexOf('/') + 1)..];

    public bool IsPage => Name.EndsWith(".html", StringComparison.OrdinalIgnoreCase);
}

/// <summary>The files of an answer: its code blocks, by the names that the model gave them or by their language's usual one.</summary>
public static partial class AnswerFiles
{
    private static readonly Dictionary<string, string> Usual = new(StringComparer.OrdinalIgnoreCase)
    {
        ["html"] = "index.html",
        ["css"] = "style.css",
        ["javascript"] = "script.js",
        ["js"] = "script.js",
        ["typescript"] = "main.ts",
        ["ts"] = "main.ts",
        ["python"] = "main.py",
        ["py"] = "main.py",
        ["csharp"] = "Program.cs",
        ["c#"] = "Program.cs",
        ["java"] = "Main.java",
        ["go"] = "main.go",
        ["rust"] = "main.rs",
        ["php"] = "index.php",
        ["sql"] = "query.sql",
        ["bash"] = "run.sh",
        ["sh"] = "run.sh",
        ["json"] = "data.json",
        ["yaml"] = "config.yaml",
        ["xml"] = "data.xml",
        ["markdown"] = "README.md",
    };

    public static IReadOnlyList<AnswerFile> Of(string markdown)
    {
        var files = new List<AnswerFile>();
        foreach (var block in Markdown.Parse(markdown).Descendants<FencedCodeBlock>())
        {
            var content = block.Lines.ToString();
            if (string.IsNullOrWhiteSpace(content))
                continue;
            var given = Name().Match(block.Arguments ?? "");
            var name = given.Success ? given.Value : Usual.GetValueOrDefault(block.Info ?? "", "file.txt");
            files.Add(new AnswerFile(Free(name, files), content.TrimEnd() + "\n"));
        }
        return files;
    }

    /// <summary>The page of these files in one document, with the styles and scripts beside it put in; null when there is no page.</summary>
    public static string? PreviewOf(IReadOnlyList<AnswerFile> files)
    {
        if (files.FirstOrDefault(file => file.IsPage) is not { } page)
            return null;
        var (html, scripts) = (page.Content, "");
        foreach (var file in files)
        {
            var name = Regex.Escape(file.Name);
            if (file.Name.EndsWith(".css", StringComparison.OrdinalIgnoreCase))
                html = Regex.Replace(html, $"<link\\b[^>]*\\bhref=[\"'](?:\\./)?{name}[\"'][^>]*>", _ => $"<style>\n{Inside(file, "style")}</style>", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking, TimeSpan.FromSeconds(1));
            else if (file.Name.EndsWith(".js", StringComparison.OrdinalIgnoreCase))
                html = Regex.Replace(html, $"<script\\b[^>]*\\bsrc=[\"'](?:\\./)?{name}[\"'][^>]*>\\s*</script>", _ =>
                {
                    scripts += $"<script>\n{Inside(file, "script")}</script>\n";
                    return "";
                }, RegexOptions.IgnoreCase | RegexOptions.NonBacktracking, TimeSpan.FromSeconds(1));
        }
        // At the end, where the page that they speak of is there.
        return html + scripts;
    }

    // What would end the element that it stands in.
    private static string Inside(AnswerFile file, string element) => file.Content.Replace("</" + element, "<\\/" + element, StringComparison.OrdinalIgnoreCase);

    private static string Free(string name, List<AnswerFile> taken)
    {
        var (dot, free) = (name.LastIndexOf('.'), name);
        for (var number = 2; taken.Any(file => string.Equals(file.Name, free, StringComparison.OrdinalIgnoreCase)); number++)
            free = string.Create(null, $"{name[..dot]}-{number}{name[dot..]}");
        return free;
    }

    // Folders below, never above.
    [GeneratedRegex(@"(?<![\w./\\-])\w[\w-]{0,60}(?:[./]\w[\w-]{0,60}){0,5}\.\w{1,8}(?![\w/])", RegexOptions.None, 1000)]
    private static partial Regex Name();
}
