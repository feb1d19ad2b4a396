using Aurion.Data.Account;
using Aurion.Web.Infrastructure.Security;
using Microsoft.AspNetCore.WebUtilities;

namespace Aurion.Web.Account.Exports;

/// <summary>The files of exports: for programs at once, for people the one that a job has made.</summary>
internal static class AccountExportEndpoints
{
    private const int PerMinute = 6;
    private const string FileName = "aurion-data.zip";

    internal static void MapAccountExport(this WebApplication app)
    {
        app.MapGet("/api/gdpr/export", WriteAsync).RequireAuthorization().LimitTo(PerMinute);
        app.MapGet($"/account/export/{{id:guid}}/{FileName}", DownloadAsync).RequireAuthorization().LimitTo(PerMinute);
    }

    private static async Task WriteAsync(HttpContext http, AccountExport export, CancellationToken ct)
    {
        // Whole before it is sent: a slow reader would hold a connection to the database.
        await using var file = new FileBufferingWriteStream();
        await export.WriteAsync(http.User.Id(), file, ct);
        http.Response.ContentType = "application/zip";
        http.Response.Headers.ContentDisposition = $"attachment; filename=\"{FileName}\"";
        http.Response.Headers.CacheControl = "no-store";
        await file.DrainBufferAsync(http.Response.Body, ct);
    }

    private static async Task<IResult> DownloadAsync(Guid id, HttpContext http, ExportFileStore files, CancellationToken ct)
    {
        if (await files.FindAsync(http.User.Id(), ct) is not { Bytes: { } bytes } ready || ready.Id != id)
            return TypedResults.NotFound();
        http.Response.Headers.CacheControl = "no-store";
        http.Response.ContentLength = bytes;
        return TypedResults.Stream(async body =>
        {
            for (var part = 0; await files.ReadPartAsync(http.User.Id(), id, part, ct) is { } content; part++)
                await body.WriteAsync(content, ct);
        }, "application/zip", FileName);
    }
}
