using System.Net.Mime;

namespace Aurion.Web.Ai.Images;

/// <summary>A person's pictures, for that person alone.</summary>
public static class PictureFiles
{
    internal static void MapPictureFiles(this WebApplication app)
    {
        app.MapGet("/images/{id:guid}/picture.jpg", (Guid id, HttpContext http, PictureArchive archive, CancellationToken ct) => SendAsync(id, "picture", http, archive, ct)).RequireAuthorization();
        app.MapGet("/images/{id:guid}/thumbnail.jpg", (Guid id, HttpContext http, PictureArchive archive, CancellationToken ct) => SendAsync(id, "thumbnail", http, archive, ct)).RequireAuthorization();
    }

    private static async Task<IResult> SendAsync(Guid id, string kind, HttpContext http, PictureArchive archive, CancellationToken ct)
    {
        if (await archive.FindAsync(http.User.Id(), id, kind, ct) is not { } content)
            return Results.NotFound();
        // A picture never changes; who signs in next on this machine asks for addresses of their own.
        http.Response.Headers.CacheControl = "private, max-age=86400, immutable";
        return Results.Bytes(content, MediaTypeNames.Image.Jpeg);
    }
}
