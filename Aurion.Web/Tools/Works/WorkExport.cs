using System.IO.Compression;
using System.Text;
using Aurion.Data.Tools;
using Markdig;

namespace Aurion.Web.Tools.Works;

/// <summary>A file that is taken along.</summary>
public sealed record ExportedFile(string Name, string ContentType, byte[] Content);

/// <summary>A piece of work in the formats that other programs read.</summary>
public static class WorkExport
{
    // https://cv.iptc.org/newscodes/digitalsourcetype: what the European AI Act's article 50 asks a machine's text to be marked with.
    public const string MadeWithMachine = "http://cv.iptc.org/newscodes/digitalsourcetype/compositeWithTrainedAlgorithmicMedia";

    /// <summary>What a text's Markdown may have: no HTML, and tables.</summary>
    internal static readonly MarkdownPipeline Markdown = new MarkdownPipelineBuilder().DisableHtml().UsePipeTables().Build();

    /// <summary>The formats that fit: a text can be Markdown, HTML and Word; several files are a ZIP.</summary>
    public static IReadOnlyList<string> FormatsOf(WorkContent content) =>
        TextOf(content) is not null ? ["md", "html", "docx", "zip"] : ["zip"];

    /// <summary>Null for a format that does not fit. Pictures go along, but for Markdown alone, which leads to them.</summary>
    public static async Task<ExportedFile?> CreateAsync(Work work, string format, string? path, Guid userId, WorkPictures pictures, WorkAddresses addresses, CancellationToken ct)
    {
        var content = WorkContent.Parse(work.Content);
        var name = WorkFileName.Of(work.Title);
        if (format == "zip")
            return new(name + ".zip", "application/zip", await ZipAsync(content, userId, pictures, ct));
        if ((path is null ? TextOf(content) : content.Files.FirstOrDefault(file => file.Path == path && IsText(file))) is not { } text)
            return null;
        var byMachine = content.State is { ValueKind: System.Text.Json.JsonValueKind.Object } state && state.TryGetProperty("machine", out var machine) && machine.ValueKind == System.Text.Json.JsonValueKind.True;
        var shown = format is "html" or "docx" ? await pictures.ReadAsync(userId, text.Text, isSmall: false, ct) : new Dictionary<Guid, byte[]>();
        return format switch
        {
            "md" => new(name + ".md", "text/markdown; charset=utf-8", Encoding.UTF8.GetBytes(WorkPictures.Replace(text.Text, addresses.PictureAt) + (byMachine ? $"\n\n<!-- DigitalSourceType: {MadeWithMachine} -->\n" : ""))),
            "html" => new(name + ".html", "text/html; charset=utf-8", Encoding.UTF8.GetBytes(Html(work.Title, WorkPictures.Replace(text.Text, id => shown.TryGetValue(id, out var picture) ? WorkPictures.InsideOf(picture) : null), byMachine))),
            "docx" => new(name + ".docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", DocxWriter.Write(work.Title, text.Text, shown, byMachine)),
            _ => null,
        };
    }

    private static bool IsText(WorkFile file) => file.Path.EndsWith(".md", StringComparison.OrdinalIgnoreCase);

    private static WorkFile? TextOf(WorkContent content) => content.Main is { } main && IsText(main) ? main : null;

    private static async Task<byte[]> ZipAsync(WorkContent content, Guid userId, WorkPictures pictures, CancellationToken ct)
    {
        var shown = await pictures.ReadAsync(userId, content.Files.Where(IsText).Select(file => file.Text), isSmall: false, ct);
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var file in content.Files)
            {
                var up = string.Concat(Enumerable.Repeat("../", file.Path.Count(sign => sign == '/')));
                Add(zip, file.Path, Encoding.UTF8.GetBytes(IsText(file) ? WorkPictures.Replace(file.Text, id => shown.ContainsKey(id) ? up + PathOf(id) : null) : file.Text));
            }
            foreach (var (id, picture) in shown)
                Add(zip, PathOf(id), picture);
        }
        return bytes.ToArray();

        static string PathOf(Guid picture) => $"pictures/{picture}.jpg";

        static void Add(ZipArchive zip, string path, byte[] content)
        {
            using var entry = zip.CreateEntry(path).Open();
            entry.Write(content);
        }
    }

    private static string Html(string title, string markdown, bool byMachine)
    {
        var mark = byMachine ? $"\n<meta name=\"DigitalSourceType\" content=\"{MadeWithMachine}\">" : "";
        return $"<!doctype html>\n<meta charset=\"utf-8\">\n<title>{System.Net.WebUtility.HtmlEncode(title)}</title>{mark}\n{Markdig.Markdown.ToHtml(markdown, Markdown)}";
    }
}
