using System.Net.Mime;
using Aurion.Data.Ai;

namespace Aurion.Web.Ai.Attachments;

/// <summary>The pictures that a person has attached, for that person alone.</summary>
public static class AttachmentFiles
{
    internal static void MapAttachmentFiles(this WebApplication app) =>
        app.MapGet("/chat/attachment/{id:guid}/picture.jpg", SendAsync).RequireAuthorization();

    private static async Task<IResult> SendAsync(Guid id, HttpContext http, AttachmentStore attachments, CancellationToken ct)
    {
        if (await attachments.FindPictureAsync(http.User.Id(), id, ct) is not { } content)
            return Results.NotFound();
        http.Response.Headers.CacheControl = "private, max-age=86400, immutable";
        return Results.Bytes(content, MediaTypeNames.Image.Jpeg);
    }
}
