using Markdig;
using Markdig.Helpers;
using Markdig.Parsers;
using Markdig.Renderers;
using Markdig.Renderers.Html;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace Aurion.Web.Ai.Chat;

/// <summary>
/// TeX between $…$, $$…$$, \(…\) and \[…\]: kept whole from Markdown and written as it came, between its marks; a script sets it. A dollar
/// opens when no space follows, and the next one closes when no space precedes it and no digit follows: so money stays money.
/// </summary>
public sealed class AnswerMath : IMarkdownExtension
{
    // A mark that never closes is searched for no further.
    private const int LongestTex = 4000;

    public void Setup(MarkdownPipelineBuilder pipeline)
    {
        pipeline.BlockParsers.Insert(0, new BlockMathParser());
        // Before a backslash is read as one that hides the next sign.
        pipeline.InlineParsers.Insert(0, new InlineMathParser());
    }

    public void Setup(MarkdownPipeline pipeline, IMarkdownRenderer renderer)
    {
    }

    /// <summary>How many characters the formula takes with both marks that begins here; 0 when none does.</summary>
    private static int LengthOf(ReadOnlySpan<char> text)
    {
        var (opening, closing) = MarksOf(text);
        if (opening.Length == 0)
            return 0;
        var isMoney = opening == "$";
        var most = Math.Min(text.Length, LongestTex);
        if (most <= opening.Length || (isMoney && char.IsWhiteSpace(text[1])))
            return 0;
        for (var i = opening.Length; i < most; i++)
        {
            if (text[i..].StartsWith(closing, StringComparison.Ordinal))
            {
                var isBlank = text[opening.Length..i].IsWhiteSpace();
                var end = i + closing.Length;
                return isBlank || (isMoney && (char.IsWhiteSpace(text[i - 1]) || (end < text.Length && char.IsAsciiDigit(text[end])))) ? 0 : end;
            }
            if ((isMoney && text[i] == '\n') || IsBlankLine(text[i..]))
                return 0;
            // What a backslash hides closes nothing.
            if (text[i] == '\\')
                i++;
        }
        return 0;
    }

    private static (string Opening, string Closing) MarksOf(ReadOnlySpan<char> text) => text switch
    {
        ['$', '$', ..] => ("$$", "$$"),
        ['$', ..] => ("$", "$"),
        ['\\', '(', ..] => (@"\(", @"\)"),
        ['\\', '[', ..] => (@"\[", @"\]"),
        _ => ("", ""),
    };

    // A formula ends with its paragraph.
    private static bool IsBlankLine(ReadOnlySpan<char> text)
    {
        if (text[0] != '\n')
            return false;
        var next = text[1..].TrimStart(" \t\r");
        return next.Length > 0 && next[0] == '\n';
    }

    internal sealed class InlineMath : LeafInline
    {
        public required string Source { get; init; }
    }

    internal sealed class InlineMathParser : InlineParser
    {
        public InlineMathParser() => OpeningCharacters = ['$', '\\'];

        public override bool Match(InlineProcessor processor, ref StringSlice slice)
        {
            var before = slice.PeekCharExtra(-1);
            if (slice.CurrentChar == '$' && (before == '$' || char.IsLetterOrDigit(before)))
                return false;
            var length = LengthOf(slice.AsSpan());
            if (length == 0)
                return false;
            processor.Inline = new InlineMath { Source = slice.AsSpan()[..length].ToString() };
            slice.Start += length;
            return true;
        }
    }

    internal sealed class MathBlock(BlockParser parser) : LeafBlock(parser)
    {
        public required int LinesLeft { get; set; }
    }

    /// <summary>A formula of several lines, which could be read as a list or a heading.</summary>
    internal sealed class BlockMathParser : BlockParser
    {
        public BlockMathParser() => OpeningCharacters = ['$', '\\'];

        public override BlockState TryOpen(BlockProcessor processor)
        {
            if (processor.IsCodeIndent || processor.PeekChar(1) != (processor.CurrentChar == '$' ? '$' : '['))
                return BlockState.None;
            // The slice is of the whole text, so what follows can be seen.
            var text = processor.Line.Text.AsSpan(processor.Line.Start);
            var length = LengthOf(text);
            if (length == 0)
                return BlockState.None;
            var lines = text[..length].Count('\n');
            var rest = text[length..];
            if (lines == 0 || !(rest.IndexOf('\n') is var end && (end < 0 ? rest : rest[..end]).IsWhiteSpace()))
                return BlockState.None;
            processor.NewBlocks.Push(new MathBlock(this) { Column = processor.Column, LinesLeft = lines, Span = new SourceSpan(processor.Start, processor.Line.End) });
            return BlockState.Continue;
        }

        public override BlockState TryContinue(BlockProcessor processor, Block block)
        {
            var left = --((MathBlock)block).LinesLeft;
            block.UpdateSpanEnd(processor.Line.End);
            return left > 0 ? BlockState.Continue : BlockState.Break;
        }
    }

    /// <summary>Scrolls by itself when it is wider than the page, so it can have the focus.</summary>
    internal sealed class BlockRenderer(string name) : HtmlObjectRenderer<MathBlock>
    {
        protected override void Write(HtmlRenderer renderer, MathBlock obj)
        {
            renderer.EnsureLine();
            renderer.Write("<div class=\"math block\" tabindex=\"0\" role=\"group\" aria-label=\"").WriteEscape(name).Write("\">");
            renderer.WriteLeafRawLines(obj, writeEndOfLines: false, escape: true);
            renderer.WriteLine("</div>");
        }
    }

    /// <inheritdoc cref="BlockRenderer"/>
    internal sealed class InlineRenderer(string name) : HtmlObjectRenderer<InlineMath>
    {
        protected override void Write(HtmlRenderer renderer, InlineMath obj)
        {
            var source = obj.Source;
            if (source.StartsWith("$$", StringComparison.Ordinal) || source.StartsWith(@"\[", StringComparison.Ordinal))
                renderer.Write("<span class=\"math block\" tabindex=\"0\" role=\"group\" aria-label=\"").WriteEscape(name).Write("\">");
            else
                renderer.Write("<span class=\"math\">");
            renderer.WriteEscape(source).Write("</span>");
        }
    }
}
