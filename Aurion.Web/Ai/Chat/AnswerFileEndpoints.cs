using System.IO.Compression;
using System.Net.Mime;
using System.Text;
using Aurion.Data.Ai;

namespace Aurion.Web.Ai.Chat;

/// <summary>
/// The files of an answer, one by one or as a ZIP, and its page as a preview: a document of no origin, which reaches neither the network
/// nor anything of ours, whatever a model has written into it.
/// </summary>
public static class AnswerFileEndpoints
{
    private const string PreviewPolicy =
        "sandbox allow-scripts allow-forms allow-modals; default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:; "
        + "font-src data:; media-src data: blob:; form-action 'none'; base-uri 'none'; frame-ancestors 'none'";

    internal static void MapAnswerFiles(this WebApplication app)
    {
        app.MapGet("/chat/answer/{id:guid}/files/{number:int}", SendAsync).RequireAuthorization();
        app.MapGet("/chat/answer/{id:guid}/files.zip", SendAllAsync).RequireAuthorization();
        app.MapGet("/chat/answer/{id:guid}/preview", PreviewAsync).RequireAuthorization();
    }

    private static async Task<IResult> SendAsync(Guid id, int number, HttpContext http, ConversationStore conversations, CancellationToken ct) =>
        await ListAsync(id, http, conversations, ct) is { } files && number >= 1 && number <= files.Count
            ? Results.File(Encoding.UTF8.GetBytes(files[number - 1].Content), MediaTypeNames.Application.Octet, files[number - 1].ShortName)
            : Results.NotFound();

    private static async Task<IResult> SendAllAsync(Guid id, HttpContext http, ConversationStore conversations, CancellationToken ct)
    {
        if (await ListAsync(id, http, conversations, ct) is not { Count: > 0 } files)
            return Results.NotFound();
        using var content = new MemoryStream();
        await using (var zip = new ZipArchive(content, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var file in files)
            {
                await using var entry = await zip.CreateEntry(file.Name).OpenAsync(ct);
                await entry.WriteAsync(Encoding.UTF8.GetBytes(file.Content), ct);
            }
        }
        return Results.File(content.ToArray(), MediaTypeNames.Application.Zip, $"{id}.zip");
    }

    private static async Task<IResult> PreviewAsync(Guid id, HttpContext http, ConversationStore conversations, CancellationToken ct)
    {
        if (await ListAsync(id, http, conversations, ct) is not { } files || AnswerFiles.PreviewOf(files) is not { } page)
            return Results.NotFound();
        http.Features.Set(new ContentPolicy(PreviewPolicy));
        return Results.Content(page, MediaTypeNames.Text.Html, Encoding.UTF8);
    }

    private static async Task<IReadOnlyList<AnswerFile>?> ListAsync(Guid id, HttpContext http, ConversationStore conversations, CancellationToken ct) =>
        await conversations.FindMessageAsync(http.User.Id(), id, ct) is { IsAnswer: true, IsWriting: false } answer ? AnswerFiles.Of(answer.Content) : null;
}
