using Aurion.Data.Tools;

namespace Aurion.Web.Tools.Works;

/// <summary>Pieces of work to take along from the site's own pages.</summary>
public static class WorkDownloads
{
    internal static void MapWorkDownloads(this WebApplication app) =>
        app.MapGet("/work/{id:guid}/export/{format}", async (Guid id, string format, int? version, HttpContext http, WorkStore works, WorkPictures pictures, WorkAddresses addresses, CancellationToken ct) =>
            await works.FindAsync(http.User.Id(), id, version, ct) is { } work && await WorkExport.CreateAsync(work, format, null, http.User.Id(), pictures, addresses, ct) is { } file
                ? Results.File(file.Content, file.ContentType, file.Name)
                : Results.NotFound()).RequireAuthorization();
}
