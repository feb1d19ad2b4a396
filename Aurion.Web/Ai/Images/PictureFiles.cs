using System.Net.Mime;
using Aurion.Data.Ai;

namespace Aurion.Web.Ai.Images;

/// <summary>A person's pictures, for that person alone.</summary>
public static class PictureFiles
{
    internal static void MapPictureFiles(this WebApplication app)
    {
        app.MapGet("/images/{id:guid}/picture.jpg", (Guid id, HttpContext http, PictureStore pictures, CancellationToken ct) => SendAsync(id, "picture", http, pictures, ct)).RequireAuthorization();
        app.MapGet("/images/{id:guid}/thumbnail.jpg", (Guid id, HttpContext http, PictureStore pictures, CancellationToken ct) => SendAsync(id, "thumbnail", http, pictures, ct)).RequireAuthorization();
    }

    private static async Task<IResult> SendAsync(Guid id, string kind, HttpContext http, PictureStore pictures, CancellationToken ct)
    {
        if (await pictures.FindFileAsync(http.User.Id(), id, kind, ct) is not { } content)
            return Results.NotFound();
        // A picture never changes; who signs in next on this machine asks for addresses of their own.
        http.Response.Headers.CacheControl = "private, max-age=86400, immutable";
        return Results.Bytes(content, MediaTypeNames.Image.Jpeg);
    }
}
