using System.Buffers.Binary;
using System.Text;
using SkiaSharp;

namespace Aurion.Web.Ai.Images;

/// <summary>
/// A picture as it is kept: decoded and encoded anew, so that nothing but its pixels is left of what came, with a thumbnail, both
/// marked as a machine's work. <see cref="Fault"/> says why there is none: unreadable or too_large.
/// </summary>
public sealed record PictureFile(byte[] Picture, byte[] Thumbnail, int Width, int Height, string? Fault = null)
{
    private const int MostPixels = 40_000_000;
    private const int ThumbnailSide = 640;
    private const int Quality = 92;
    private const int ThumbnailQuality = 80;

    // https://developer.adobe.com/xmp/docs/XMPSpecifications: part 3, XMP in the APP1 segment of a JPEG.
    private static readonly byte[] Mark = Segment($"""
        <?xpacket begin="{'\uFEFF'}" id="W5M0MpCehiHzreSzNTczkc9d"?>
        <x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
        <rdf:Description rdf:about="" xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/" Iptc4xmpExt:DigitalSourceType="{MachineMark.DigitalSourceType}"/>
        </rdf:RDF></x:xmpmeta>
        <?xpacket end="r"?>
        """);

    public static PictureFile Create(byte[] content)
    {
        using var data = SKData.CreateCopy(content);
        using var codec = SKCodec.Create(data);
        if (codec is null)
            return Faulty("unreadable");
        if ((long)codec.Info.Width * codec.Info.Height > MostPixels)
            return Faulty("too_large");
        using var bitmap = SKBitmap.Decode(codec);
        if (bitmap is null)
            return Faulty("unreadable");
        using var picture = OnWhite(bitmap, bitmap.Width, bitmap.Height);
        var scale = Math.Min(1, (double)ThumbnailSide / Math.Max(bitmap.Width, bitmap.Height));
        using var thumbnail = OnWhite(bitmap, Math.Max(1, (int)(bitmap.Width * scale)), Math.Max(1, (int)(bitmap.Height * scale)));
        return new PictureFile(Encode(picture, Quality), Encode(thumbnail, ThumbnailQuality), bitmap.Width, bitmap.Height);
    }

    private static PictureFile Faulty(string fault) => new([], [], 0, 0, fault);

    // A JPEG has no transparency.
    private static SKImage OnWhite(SKBitmap bitmap, int width, int height)
    {
        using var surface = SKSurface.Create(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque, SKColorSpace.CreateSrgb()));
        surface.Canvas.Clear(SKColors.White);
        using var image = SKImage.FromBitmap(bitmap);
        surface.Canvas.DrawImage(image, new SKRect(0, 0, width, height), new SKSamplingOptions(SKFilterMode.Linear, SKMipmapMode.Linear));
        return surface.Snapshot();
    }

    // The mark comes after the first two bytes, which begin each JPEG.
    private static byte[] Encode(SKImage image, int quality)
    {
        using var data = image.Encode(SKEncodedImageFormat.Jpeg, quality);
        var plain = data.ToArray();
        return [.. plain[..2], .. Mark, .. plain[2..]];
    }

    private static byte[] Segment(string packet)
    {
        byte[] content = [.. "http://ns.adobe.com/xap/1.0/\0"u8, .. Encoding.UTF8.GetBytes(packet)];
        var head = new byte[4];
        BinaryPrimitives.WriteUInt16BigEndian(head, 0xFFE1);
        BinaryPrimitives.WriteUInt16BigEndian(head.AsSpan(2), (ushort)(content.Length + 2));
        return [.. head, .. content];
    }
}
