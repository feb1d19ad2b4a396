using System.Globalization;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Wordprocessing;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;
using SkiaSharp;
using Blip = DocumentFormat.OpenXml.Drawing;
using Inline = DocumentFormat.OpenXml.Drawing.Wordprocessing;
using Pic = DocumentFormat.OpenXml.Drawing.Pictures;
using TableRowOfMarkdown = Markdig.Extensions.Tables.TableRow;

namespace Aurion.Web.Tools.Works;

/// <summary>Writes Markdown as a Word document.</summary>
internal static class DocxWriter
{
    private const int Bullets = 1;
    private const int Indent = 425;

    // English metric units: 914,400 an inch. A page of A4 with Word's margins has 16 cm of width.
    private const long TextWidth = 5_760_000;

    /// <param name="pictures">Those that the text shows.</param>
    public static byte[] Write(string title, string markdown, IReadOnlyDictionary<Guid, byte[]> pictures, bool byMachine)
    {
        using var bytes = new MemoryStream();
        using (var document = WordprocessingDocument.Create(bytes, WordprocessingDocumentType.Document))
        {
            document.PackageProperties.Title = title;
            if (byMachine)
                document.PackageProperties.Keywords = WorkExport.MadeWithMachine;
            var main = document.AddMainDocumentPart();
            main.AddNewPart<StyleDefinitionsPart>().Styles = Styles();
            var writer = new Writer(main, pictures);
            foreach (var block in Markdig.Markdown.Parse(markdown, WorkExport.Markdown))
                writer.Write(block, level: 0);
            main.AddNewPart<NumberingDefinitionsPart>().Numbering = writer.Numbering();
            main.Document = new Document(writer.Body);
        }
        return bytes.ToArray();
    }

    private sealed class Writer(MainDocumentPart main, IReadOnlyDictionary<Guid, byte[]> pictures)
    {
        private readonly List<int> starts = [];
        private uint drawings;

        public Body Body { get; } = new();

        /// <summary>One list of bullets for all, and one for each numbered list, so that each counts for itself.</summary>
        public Numbering Numbering()
        {
            var numbering = new Numbering(Abstract(0, isBullet: true), Abstract(1, isBullet: false));
            numbering.Append(new NumberingInstance(new AbstractNumId { Val = 0 }) { NumberID = Bullets });
            for (var i = 0; i < starts.Count; i++)
                numbering.Append(new NumberingInstance(
                    new AbstractNumId { Val = 1 },
                    new LevelOverride(new StartOverrideNumberingValue { Val = starts[i] }) { LevelIndex = 0 })
                { NumberID = Bullets + 1 + i });
            return numbering;
        }

        public void Write(Block block, int level, int? list = null, string? style = null)
        {
            switch (block)
            {
                case HeadingBlock heading:
                    Add($"Heading{heading.Level}", heading.Inline);
                    break;
                case ParagraphBlock paragraph:
                    Add(style, paragraph.Inline, list is { } number ? new NumberingProperties(new NumberingLevelReference { Val = level - 1 }, new NumberingId { Val = number }) : null);
                    break;
                case ListBlock items:
                    if (items.IsOrdered)
                        starts.Add(int.TryParse(items.OrderedStart, CultureInfo.InvariantCulture, out var start) ? start : 1);
                    var own = items.IsOrdered ? Bullets + starts.Count : Bullets;
                    foreach (var item in items.OfType<ListItemBlock>())
                        for (var i = 0; i < item.Count; i++)
                            Write(item[i], Math.Min(level + 1, 9), i == 0 ? own : null, style);
                    break;
                case QuoteBlock quote:
                    foreach (var inner in quote)
                        Write(inner, level, null, "Quote");
                    break;
                case CodeBlock code:
                    var run = new Run();
                    for (var i = 0; i < code.Lines.Count; i++)
                    {
                        if (i > 0)
                            run.Append(new Break());
                        run.Append(Text(code.Lines.Lines[i].ToString()));
                    }
                    Body.Append(new Paragraph(new ParagraphProperties(new ParagraphStyleId { Val = "Code" }), run));
                    break;
                case Markdig.Extensions.Tables.Table table:
                    Body.Append(Table(table));
                    Body.Append(new Paragraph());
                    break;
                case ThematicBreakBlock:
                    Body.Append(new Paragraph(new ParagraphProperties(new ParagraphBorders(new BottomBorder { Val = BorderValues.Single, Size = 6, Space = 1, Color = "999999" }))));
                    break;
            }
        }

        private Table Table(Markdig.Extensions.Tables.Table markdown)
        {
            var table = new Table(new TableProperties(
                new TableWidth { Type = TableWidthUnitValues.Pct, Width = "5000" },
                new TableBorders(
                    new TopBorder { Val = BorderValues.Single, Size = 4, Color = "999999" },
                    new BottomBorder { Val = BorderValues.Single, Size = 4, Color = "999999" },
                    new InsideHorizontalBorder { Val = BorderValues.Single, Size = 4, Color = "CCCCCC" })));
            var columns = markdown.OfType<TableRowOfMarkdown>().Select(row => row.Count).DefaultIfEmpty().Max();
            table.Append(new TableGrid(Enumerable.Range(0, columns).Select(_ => new GridColumn())));
            foreach (var row in markdown.OfType<TableRowOfMarkdown>())
                table.Append(new TableRow(Enumerable.Range(0, columns).Select(i => Cell(row, i, markdown.ColumnDefinitions[i].Alignment == Markdig.Extensions.Tables.TableColumnAlign.Right))));
            return table;
        }

        private TableCell Cell(TableRowOfMarkdown row, int column, bool isRight)
        {
            var properties = new ParagraphProperties();
            if (isRight)
                properties.Append(new Justification { Val = JustificationValues.Right });
            var paragraph = new Paragraph(properties);
            // Every cell has a paragraph, an empty one too.
            if (column < row.Count)
                foreach (var block in ((Markdig.Extensions.Tables.TableCell)row[column]).OfType<ParagraphBlock>())
                    Add(paragraph, block.Inline, bold: row.IsHeader, italic: false);
            return new TableCell(paragraph);
        }

        private void Add(string? style, ContainerInline? inlines, NumberingProperties? numbering = null)
        {
            var properties = new ParagraphProperties();
            if (style is not null)
                properties.Append(new ParagraphStyleId { Val = style });
            if (numbering is not null)
                properties.Append(numbering);
            var paragraph = new Paragraph(properties);
            Add(paragraph, inlines, bold: false, italic: false);
            Body.Append(paragraph);
        }

        private void Add(OpenXmlElement into, ContainerInline? inlines, bool bold, bool italic)
        {
            foreach (var inline in inlines ?? [])
                switch (inline)
                {
                    case LiteralInline literal:
                        into.Append(Styled(Text(literal.Content.ToString()), bold, italic, isCode: false));
                        break;
                    case CodeInline code:
                        into.Append(Styled(Text(code.Content), bold, italic, isCode: true));
                        break;
                    case LineBreakInline line:
                        into.Append(Styled(line.IsHard ? new Break() : Text(" "), bold, italic, isCode: false));
                        break;
                    case EmphasisInline emphasis:
                        Add(into, emphasis, bold || emphasis.DelimiterCount > 1, italic || emphasis.DelimiterCount % 2 == 1);
                        break;
                    case LinkInline { IsImage: false } link when Uri.TryCreate(link.Url, UriKind.Absolute, out var target) && target.Scheme is "http" or "https" or "mailto":
                        var hyperlink = new Hyperlink { Id = main.AddHyperlinkRelationship(new Uri(link.Url!), true).Id };
                        Add(hyperlink, link, bold, italic);
                        into.Append(hyperlink);
                        break;
                    case LinkInline { IsImage: true } link when WorkPictures.Find(pictures, link.Url) is { } picture:
                        into.Append(new Run(Drawing(picture, string.Concat(link.OfType<LiteralInline>()))));
                        break;
                    case AutolinkInline auto:
                        into.Append(Styled(Text(auto.Url), bold, italic, isCode: false));
                        break;
                    case HtmlEntityInline entity:
                        into.Append(Styled(Text(entity.Transcoded.ToString()), bold, italic, isCode: false));
                        break;
                    case HtmlInline html:
                        into.Append(Styled(Text(html.Tag), bold, italic, isCode: false));
                        break;
                    case ContainerInline container:
                        Add(into, container, bold, italic);
                        break;
                }
        }

        // As wide as the text at most.
        private Drawing Drawing(byte[] picture, string words)
        {
            using var data = SKData.CreateCopy(picture);
            using var codec = SKCodec.Create(data);
            var (width, height) = (codec.Info.Width * 9525L, codec.Info.Height * 9525L);
            if (width > TextWidth)
                (width, height) = (TextWidth, height * TextWidth / width);
            var part = main.AddImagePart(ImagePartType.Jpeg);
            using (var stream = new MemoryStream(picture))
                part.FeedData(stream);
            var (id, name) = (++drawings, Text(words).Text);
            return new Drawing(new Inline.Inline(
                new Inline.Extent { Cx = width, Cy = height },
                new Inline.DocProperties { Id = id, Name = $"Picture {id}", Description = name },
                new Blip.Graphic(new Blip.GraphicData(new Pic.Picture(
                    new Pic.NonVisualPictureProperties(new Pic.NonVisualDrawingProperties { Id = id, Name = $"Picture {id}" }, new Pic.NonVisualPictureDrawingProperties()),
                    new Pic.BlipFill(new Blip.Blip { Embed = main.GetIdOfPart(part) }, new Blip.Stretch(new Blip.FillRectangle())),
                    new Pic.ShapeProperties(
                        new Blip.Transform2D(new Blip.Offset { X = 0, Y = 0 }, new Blip.Extents { Cx = width, Cy = height }),
                        new Blip.PresetGeometry(new Blip.AdjustValueList()) { Preset = Blip.ShapeTypeValues.Rectangle })))
                { Uri = "http://schemas.openxmlformats.org/drawingml/2006/picture" })));
        }

        private static Run Styled(OpenXmlElement content, bool bold, bool italic, bool isCode)
        {
            var properties = new RunProperties();
            if (isCode)
                properties.Append(new RunFonts { Ascii = "Consolas", HighAnsi = "Consolas" });
            if (bold)
                properties.Append(new Bold());
            if (italic)
                properties.Append(new Italic());
            return new Run(properties, content);
        }

        // XML has no control characters.
        private static Text Text(string text) => new(string.Concat(text.Where(System.Xml.XmlConvert.IsXmlChar))) { Space = SpaceProcessingModeValues.Preserve };

        private static AbstractNum Abstract(int id, bool isBullet)
        {
            var list = new AbstractNum { AbstractNumberId = id };
            for (var level = 0; level < 9; level++)
                list.Append(new Level(
                    new StartNumberingValue { Val = 1 },
                    new NumberingFormat { Val = isBullet ? NumberFormatValues.Bullet : NumberFormatValues.Decimal },
                    new LevelText { Val = isBullet ? "•" : $"%{level + 1}." },
                    new PreviousParagraphProperties(new Indentation { Left = ((level + 1) * Indent).ToString(null, null), Hanging = "360" }))
                { LevelIndex = level });
            return list;
        }
    }

    private static Styles Styles()
    {
        var styles = new Styles(new DocDefaults(
            new RunPropertiesDefault(new RunPropertiesBaseStyle(new RunFonts { Ascii = "Calibri", HighAnsi = "Calibri" }, new FontSize { Val = "22" })),
            new ParagraphPropertiesDefault(new ParagraphPropertiesBaseStyle(new SpacingBetweenLines { After = "120", Line = "276", LineRule = LineSpacingRuleValues.Auto }))));
        string[] sizes = ["36", "30", "26", "24", "22", "22"];
        for (var level = 1; level <= sizes.Length; level++)
            styles.Append(new Style(
                new StyleName { Val = $"heading {level}" },
                new StyleParagraphProperties(new KeepNext(), new SpacingBetweenLines { Before = "240" }, new OutlineLevel { Val = level - 1 }),
                new StyleRunProperties(new Bold(), new FontSize { Val = sizes[level - 1] }))
            { Type = StyleValues.Paragraph, StyleId = $"Heading{level}" });
        styles.Append(new Style(
            new StyleName { Val = "Quote" },
            new StyleParagraphProperties(new Indentation { Left = "567" }),
            new StyleRunProperties(new Italic()))
        { Type = StyleValues.Paragraph, StyleId = "Quote" });
        styles.Append(new Style(
            new StyleName { Val = "Code" },
            new StyleRunProperties(new RunFonts { Ascii = "Consolas", HighAnsi = "Consolas" }, new FontSize { Val = "20" }))
        { Type = StyleValues.Paragraph, StyleId = "Code" });
        return styles;
    }
}
