using System.Text.RegularExpressions;
using Markdig;
using Markdig.Extensions.AutoLinks;
using Markdig.Extensions.EmphasisExtras;
using Markdig.Extensions.Tables;
using Markdig.Renderers;
using Markdig.Renderers.Html;
using Markdig.Renderers.Html.Inlines;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;
using Microsoft.AspNetCore.Html;
using Microsoft.Extensions.Localization;

namespace Aurion.Web.Ai.Chat;

/// <summary>
/// A model's Markdown as HTML that runs nothing and loads nothing: no HTML of its own, links to the web and to mail only, and a
/// picture is a link to it, unless it is the person's own.
/// </summary>
public sealed partial class AnswerHtml(IStringLocalizer<ChatText> text)
{
    // An answer stands under a heading of the second level.
    private const int HeadingAbove = 2;

    private static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder()
        .DisableHtml()
        .UsePipeTables()
        .UseEmphasisExtras(EmphasisExtraOptions.Strikethrough)
        .UseAutoLinks(new AutoLinkOptions { ValidPreviousCharacters = "*_~(" })
        .Use<AnswerMath>()
        .Build();

    /// <param name="pictureAt">Where a picture is that the text gives an address of; null for one that is not shown.</param>
    public IHtmlContent Render(string markdown, Func<string, string?>? pictureAt = null)
    {
        var document = Markdown.Parse(markdown, Pipeline);
        CloseGaps([.. document.Descendants<HeadingBlock>()]);
        foreach (var table in document.Descendants<Table>())
            AlignByClass(table);
        using var writer = new StringWriter();
        var renderer = new HtmlRenderer(writer);
        Pipeline.Setup(renderer);
        renderer.ObjectRenderers.ReplaceOrAdd<LinkInlineRenderer>(new SafeLinks(pictureAt));
        renderer.ObjectRenderers.ReplaceOrAdd<AutolinkInlineRenderer>(new SafeAutolinks());
        renderer.ObjectRenderers.ReplaceOrAdd<CodeBlockRenderer>(new CodeFigures(text["Copy"], text["Code"]));
        renderer.ObjectRenderers.ReplaceOrAdd<HtmlTableRenderer>(new ScrollingTables(text["Table"]));
        renderer.ObjectRenderers.Add(new AnswerMath.BlockRenderer(text["Formula"]));
        renderer.ObjectRenderers.Add(new AnswerMath.InlineRenderer(text["Formula"]));
        renderer.Render(document);
        return new HtmlString(writer.ToString());
    }

    /// <summary>How much of a Markdown that still grows is whole: what stands before the last blank line, or ends with a block of code.</summary>
    public static int EndOfBlocks(string markdown)
    {
        var (end, fence) = (0, "");
        for (int start = 0, stop; (stop = markdown.IndexOf('\n', start)) >= 0; start = stop + 1)
        {
            var line = markdown[start..stop].Trim();
            var opened = fence;
            if (fence.Length == 0)
                fence = Fence().Match(line).Groups["fence"].Value;
            else if (line.StartsWith(fence, StringComparison.Ordinal) && line.Trim(fence[0]).Length == 0)
                fence = "";
            if (fence.Length == 0 && (line.Length == 0 || opened.Length > 0))
                end = stop + 1;
        }
        return end;
    }

    // What follows the opening names the language, and has no backtick (https://spec.commonmark.org/0.31.2/#fenced-code-blocks).
    [GeneratedRegex("^(?<fence>`{3,}|~{3,})[^`]*$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Fence();

    // Models begin with any level and leave some out; a screen reader must find no gap (WCAG technique H42).
    private static void CloseGaps(IReadOnlyList<HeadingBlock> headings)
    {
        var (first, above) = (headings.Select(heading => heading.Level).DefaultIfEmpty().Min(), HeadingAbove);
        foreach (var heading in headings)
            above = heading.Level = Math.Min(Math.Min(6, above + 1), HeadingAbove + 1 + heading.Level - first);
    }

    // The renderer would write the style inline, which the content security policy forbids.
    private static void AlignByClass(Table table)
    {
        foreach (var row in table.OfType<TableRow>())
            for (var i = 0; i < row.Count && i < table.ColumnDefinitions.Count; i++)
                if (table.ColumnDefinitions[i].Alignment == TableColumnAlign.Right)
                    row[i].GetAttributes().AddClass("r");
        table.ColumnDefinitions.ForEach(column => column.Alignment = null);
    }

    private static bool IsSafe(string? url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var address) && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps || address.Scheme == Uri.UriSchemeMailto);

    private static void WriteOpening(HtmlRenderer renderer, string url) =>
        renderer.Write("<a rel=\"noopener noreferrer nofollow\" href=\"").WriteEscapeUrl(url).Write("\">");

    private sealed class SafeLinks(Func<string, string?>? pictureAt) : HtmlObjectRenderer<LinkInline>
    {
        protected override void Write(HtmlRenderer renderer, LinkInline obj)
        {
            var url = obj.GetDynamicUrl?.Invoke() ?? obj.Url;
            if (obj.IsImage && url is not null && pictureAt?.Invoke(url) is { } address)
            {
                renderer.Write("<img alt=\"");
                foreach (var words in obj.Descendants<LiteralInline>())
                    renderer.WriteEscape(words.Content);
                renderer.Write("\" src=\"").WriteEscape(address).Write("\">");
                return;
            }
            var isSafe = IsSafe(url);
            if (isSafe)
                WriteOpening(renderer, url!);
            if (obj.IsImage && obj.FirstChild is null)
                renderer.WriteEscape(url ?? "");
            renderer.WriteChildren(obj);
            if (isSafe)
                renderer.Write("</a>");
        }
    }

    private sealed class SafeAutolinks : HtmlObjectRenderer<AutolinkInline>
    {
        protected override void Write(HtmlRenderer renderer, AutolinkInline obj)
        {
            var url = obj.IsEmail ? "mailto:" + obj.Url : obj.Url;
            var isSafe = IsSafe(url);
            if (isSafe)
                WriteOpening(renderer, url);
            renderer.WriteEscape(obj.Url);
            if (isSafe)
                renderer.Write("</a>");
        }
    }

    /// <summary>Code with its language and a button that copies it, which a script makes visible.</summary>
    private sealed class CodeFigures(string copy, string code) : HtmlObjectRenderer<CodeBlock>
    {
        protected override void Write(HtmlRenderer renderer, CodeBlock obj)
        {
            var language = obj is FencedCodeBlock { Info: { Length: > 0 } info } ? info : code;
            renderer.EnsureLine();
            renderer.Write("<figure class=\"code\"><figcaption><span>").WriteEscape(language)
                .Write("</span><button class=\"btn quiet sm\" type=\"button\" data-copy hidden>").WriteEscape(copy)
                .Write("</button></figcaption><pre tabindex=\"0\" role=\"group\" aria-label=\"").WriteEscape(language).Write("\"><code");
            if (LanguageOf(obj) is { } named)
                renderer.Write(" data-language=\"").WriteEscape(named).Write("\"");
            renderer.Write(">");
            renderer.WriteLeafRawLines(obj, writeEndOfLines: true, escape: true);
            renderer.WriteLine("</code></pre></figure>");
        }

        // As the script that colours code calls it.
        private static string? LanguageOf(CodeBlock block) => (block as FencedCodeBlock)?.Info?.ToLowerInvariant() switch
        {
            null or "" => null,
            "c#" => "csharp",
            "c++" => "cpp",
            var name => name,
        };
    }

    private sealed class ScrollingTables(string name) : HtmlTableRenderer
    {
        protected override void Write(HtmlRenderer renderer, Table table)
        {
            renderer.Write("<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"").WriteEscape(name).Write("\">");
            base.Write(renderer, table);
            renderer.WriteLine("</div>");
        }
    }
}
