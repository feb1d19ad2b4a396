using System.Text;
using Aurion.Web.Ai.Chat;
using SkiaSharp;

namespace Aurion.Web.Ai.Attachments;

/// <summary>What a model may read of a file; <see cref="Refused"/> says in a word why it may not.</summary>
public abstract record ReadFile
{
    public sealed record Text(string Kind, string Content) : ReadFile;

    public sealed record Picture(byte[] Content) : ReadFile;

    /// <param name="Why">empty, too_large, not_text, too_long, picture_broken, picture_too_large, pdf_locked, pdf_broken, pdf_pages, pdf_slow or pdf_no_text.</param>
    public sealed record Refused(string Why) : ReadFile;
}

/// <summary>Reads files that people attach. What a file is is told by its content, whatever its name says.</summary>
public sealed class AttachmentReader(PdfReader pdfs)
{
    public const int LargestFile = 5 * 1024 * 1024;

    /// <summary>More than any model on offer reads.</summary>
    public const int LongestText = 150_000;

    private const int MostPixels = 40_000_000;
    private const int LongestSide = 1024;
    private const int Quality = 85;

    public async Task<ReadFile> ReadAsync(IFormFile file, CancellationToken ct)
    {
        if (file.Length == 0)
            return new ReadFile.Refused("empty");
        if (file.Length > LargestFile)
            return new ReadFile.Refused("too_large");
        var content = new byte[file.Length];
        await using (var stream = file.OpenReadStream())
            await stream.ReadExactlyAsync(content, ct);
        if (content.AsSpan(0, Math.Min(content.Length, 1024)).IndexOf("%PDF-"u8) >= 0)
            return await pdfs.ReadAsync(content, ct) is var (text, fault) && fault is null ? TextOf("pdf", text, ifBlank: "pdf_no_text") : new ReadFile.Refused(fault);
        return ReadPicture(content) ?? (Decode(content) is { } plain ? TextOf("text", plain, ifBlank: "empty") : new ReadFile.Refused("not_text"));
    }

    private static ReadFile TextOf(string kind, string text, string ifBlank)
    {
        var clean = Prompt.Clean(text);
        return clean.Length == 0 ? new ReadFile.Refused(ifBlank) : clean.Length > LongestText ? new ReadFile.Refused("too_long") : new ReadFile.Text(kind, clean);
    }

    // UTF-8, or UTF-16 where the file says so; null for anything else.
    private static string? Decode(byte[] content)
    {
        Encoding encoding = content is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..] ? new UnicodeEncoding(content[0] == 0xFE, byteOrderMark: true, throwOnInvalidBytes: true) : new UTF8Encoding(false, throwOnInvalidBytes: true);
        try
        {
            var text = encoding.GetString(content);
            return text.Contains('\0') ? null : text;
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    /// <summary>Drawn anew and no larger than a model looks at: nothing but its pixels is left. Null when it is no picture.</summary>
    private static ReadFile? ReadPicture(byte[] content)
    {
        using var data = SKData.CreateCopy(content);
        using var codec = SKCodec.Create(data);
        if (codec is null)
            return null;
        // Before a pixel is decoded: a small file can hold a picture larger than memory.
        if ((long)codec.Info.Width * codec.Info.Height > MostPixels)
            return new ReadFile.Refused("picture_too_large");
        // Turned as the camera was held.
        using var picture = SKImage.FromEncodedData(data);
        using var pixels = picture is null ? null : SKBitmap.FromImage(picture);
        if (pixels is null)
            return new ReadFile.Refused("picture_broken");
        var scale = Math.Min(1, (double)LongestSide / Math.Max(pixels.Width, pixels.Height));
        var (width, height) = (Math.Max(1, (int)(pixels.Width * scale)), Math.Max(1, (int)(pixels.Height * scale)));
        using var surface = SKSurface.Create(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque, SKColorSpace.CreateSrgb()));
        surface.Canvas.Clear(SKColors.White);
        using var image = SKImage.FromBitmap(pixels);
        surface.Canvas.DrawImage(image, new SKRect(0, 0, width, height), new SKSamplingOptions(SKFilterMode.Linear, SKMipmapMode.Linear));
        using var drawn = surface.Snapshot();
        using var encoded = drawn.Encode(SKEncodedImageFormat.Jpeg, Quality);
        return new ReadFile.Picture(encoded.ToArray());
    }
}
