using Aurion.Data.Tools;

namespace Aurion.Web.Tools.Works;

/// <summary>Pieces of work to take along from the site's own pages.</summary>
public static class WorkDownloads
{
    internal static void MapWorkDownloads(this WebApplication app) =>
        app.MapGet("/work/{id:guid}/export/{format}", async (Guid id, string format, int? version, HttpContext http, WorkStore works, CancellationToken ct) =>
            await works.FindAsync(http.User.Id(), id, version, ct) is { } work && WorkExport.Create(work, format) is { } file
                ? Results.File(file.Content, file.ContentType, file.Name)
                : Results.NotFound()).RequireAuthorization();
}
