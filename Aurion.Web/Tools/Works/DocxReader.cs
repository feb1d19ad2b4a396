using System.Globalization;
using System.IO.Compression;
using System.Text;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Wordprocessing;

namespace Aurion.Web.Tools.Works;

/// <summary>Reads a Word document as Markdown: headings, paragraphs, lists, tables as lines, bold, italics and links. Pictures are left out.</summary>
internal static class DocxReader
{
    private const int MostParts = 2000;
    private const long LongestUnpacked = 30 * 1024 * 1024;
    private const int LongestPart = 8 * 1024 * 1024;

    /// <summary>Null when the file is no Word document, is damaged, or unpacks to more than anybody writes.</summary>
    public static string? Read(byte[] file)
    {
        try
        {
            using var bytes = new MemoryStream(file);
            using (var zip = new ZipArchive(bytes, ZipArchiveMode.Read, leaveOpen: true))
                if (zip.Entries.Count > MostParts || zip.Entries.Sum(entry => entry.Length) > LongestUnpacked)
                    return null;
            bytes.Position = 0;
            using var document = WordprocessingDocument.Open(bytes, false, new OpenSettings { MaxCharactersInPart = LongestPart, AutoSave = false });
            return document.MainDocumentPart?.Document?.Body is { } body ? Write(document.MainDocumentPart, body) : null;
        }
        catch (Exception damaged) when (damaged is InvalidDataException or OpenXmlPackageException or System.Xml.XmlException or IOException or FormatException or ArgumentException or InvalidOperationException or NotSupportedException)
        {
            return null;
        }
    }

    private static string Write(MainDocumentPart main, Body body)
    {
        var text = new StringBuilder();
        var wasList = false;
        foreach (var element in body.Elements())
            switch (element)
            {
                case Paragraph paragraph:
                    var line = LineOf(main, paragraph, out var isList);
                    if (line.Length == 0)
                        continue;
                    text.Append(text.Length == 0 ? "" : isList && wasList ? "\n" : "\n\n").Append(line);
                    wasList = isList;
                    break;
                case Table table:
                    foreach (var row in table.Elements<TableRow>())
                        text.Append("\n\n").AppendJoin(" · ", row.Elements<TableCell>().Select(cell => InlinesOf(main, cell.Descendants<Paragraph>().SelectMany(p => p.ChildElements))));
                    wasList = false;
                    break;
            }
        return text.ToString().Trim() + "\n";
    }

    private static string LineOf(MainDocumentPart main, Paragraph paragraph, out bool isList)
    {
        isList = false;
        var content = InlinesOf(main, paragraph.ChildElements).Trim();
        if (content.Length == 0)
            return "";
        var style = paragraph.ParagraphProperties?.ParagraphStyleId?.Val?.Value ?? "";
        if (HeadingOf(main, style) is { } level)
            return new string('#', level) + " " + content;
        if (paragraph.ParagraphProperties?.NumberingProperties is { NumberingId.Val.Value: > 0 } numbering)
        {
            isList = true;
            var depth = numbering.NumberingLevelReference?.Val?.Value ?? 0;
            return new string(' ', 3 * depth) + (IsNumbered(main, numbering.NumberingId!.Val!.Value, depth) ? "1. " : "- ") + content;
        }
        return style.Contains("Quote", StringComparison.OrdinalIgnoreCase) ? "> " + content : content;
    }

    // Word names its own styles by language, and numbers their outline.
    private static int? HeadingOf(MainDocumentPart main, string style)
    {
        if (style.Length == 0)
            return null;
        var known = main.StyleDefinitionsPart?.Styles?.Elements<Style>().FirstOrDefault(s => s.StyleId == style);
        if (known?.StyleParagraphProperties?.OutlineLevel?.Val?.Value is { } outline and < 6)
            return outline + 1;
        return style.StartsWith("Heading", StringComparison.OrdinalIgnoreCase) && int.TryParse(style[7..], CultureInfo.InvariantCulture, out var level) && level is > 0 and < 7 ? level : style == "Title" ? 1 : null;
    }

    private static bool IsNumbered(MainDocumentPart main, int id, int depth)
    {
        var numbering = main.NumberingDefinitionsPart?.Numbering;
        var list = numbering?.Elements<NumberingInstance>().FirstOrDefault(n => n.NumberID?.Value == id)?.AbstractNumId?.Val?.Value;
        var level = numbering?.Elements<AbstractNum>().FirstOrDefault(a => a.AbstractNumberId?.Value == list)?.Elements<Level>().FirstOrDefault(l => l.LevelIndex?.Value == depth);
        return level?.NumberingFormat?.Val is { } format && format.Value != NumberFormatValues.Bullet && format.Value != NumberFormatValues.None;
    }

    private static string InlinesOf(MainDocumentPart main, IEnumerable<OpenXmlElement> elements)
    {
        var text = new StringBuilder();
        foreach (var element in elements)
            switch (element)
            {
                case Run run:
                    text.Append(Marked(run));
                    break;
                case Hyperlink link:
                    var inner = InlinesOf(main, link.ChildElements);
                    var target = link.Id?.Value is { } id ? main.HyperlinkRelationships.FirstOrDefault(r => r.Id == id)?.Uri : null;
                    text.Append(target is { IsAbsoluteUri: true, Scheme: "http" or "https" or "mailto" } ? $"[{inner}]({target.AbsoluteUri})" : inner);
                    break;
                case InsertedRun inserted:
                    text.Append(InlinesOf(main, inserted.ChildElements));
                    break;
            }
        // What stands side by side in Word is often several runs of one kind.
        return text.Replace("****", "").ToString();
    }

    private static string Marked(Run run)
    {
        var text = string.Concat(run.ChildElements.Select(child => child switch { Text t => Escaped(t.Text), Break => "\\\n", TabChar => " ", _ => "" }));
        if (string.IsNullOrWhiteSpace(text))
            return text;
        var mark = (IsOn(run.RunProperties?.Bold) ? "**" : "") + (IsOn(run.RunProperties?.Italic) ? "*" : "");
        var core = text.Trim(' ');
        var start = text.Length - text.TrimStart(' ').Length;
        return mark.Length == 0 ? text : text[..start] + mark + core + string.Concat(mark.Reverse()) + text[(start + core.Length)..];
    }

    private static bool IsOn(OnOffType? property) => property is not null && (property.Val is null || property.Val.Value);

    private static string Escaped(string text)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (var c in text)
            (c is '\\' or '*' or '_' or '`' or '[' or ']' or '<' ? escaped.Append('\\') : escaped).Append(c);
        return escaped.ToString();
    }
}
