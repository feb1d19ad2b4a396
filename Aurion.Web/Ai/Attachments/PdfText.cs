using System.CommandLine;
using System.Text;
using UglyToad.PdfPig;
using UglyToad.PdfPig.DocumentLayoutAnalysis.TextExtractor;
using UglyToad.PdfPig.Exceptions;

namespace Aurion.Web.Ai.Attachments;

/// <summary>The process that <see cref="PdfReader"/> starts: a PDF comes in, its text goes out, and the exit code says how it ended.</summary>
internal static class PdfText
{
    public const string Verb = "pdf-text";
    public const int Done = 0;
    public const int Broken = 10;
    public const int Locked = 11;
    public const int TooManyPages = 12;

    /// <summary>The verb, which needs no setting and no database.</summary>
    public static Command Command()
    {
        var verb = new Command(Verb, "Takes the text out of a PDF.") { Hidden = true };
        verb.SetAction(_ =>
        {
            using var input = Console.OpenStandardInput();
            using var output = Console.OpenStandardOutput();
            return Run(input, output);
        });
        return verb;
    }

    private static int Run(Stream input, Stream output)
    {
        using var content = new MemoryStream();
        input.CopyTo(content);
        try
        {
            using var document = PdfDocument.Open(content.ToArray(), new ParsingOptions { UseLenientParsing = true, SkipMissingFonts = true });
            if (document.NumberOfPages > PdfReader.MostPages)
                return TooManyPages;
            var (text, left) = (new StringBuilder(), AttachmentReader.LongestText + 1);
            foreach (var page in document.GetPages())
            {
                var words = ContentOrderTextExtractor.GetText(page, addDoubleNewline: true);
                text.Append(words.AsSpan(0, Math.Min(words.Length, left))).Append("\n\n");
                left -= Math.Min(words.Length, left);
            }
            output.Write(Encoding.UTF8.GetBytes(text.ToString()));
            return Done;
        }
        catch (PdfDocumentEncryptedException)
        {
            return Locked;
        }
        catch (Exception broken) when (broken is not OutOfMemoryException)
        {
            return Broken;
        }
    }
}
