using System.IO.Compression;
using System.Net.Mime;
using System.Text;
using Aurion.Data.Ai;

namespace Aurion.Web.Ai.Chat;

/// <summary>
/// The files of an answer, one by one or as a ZIP, and its page as a preview: a document of no origin on the tools' host, which reaches
/// neither the network nor anything of ours, whatever a model has written into it.
/// </summary>
public static class AnswerFileEndpoints
{
    private const string PreviewPolicy =
        "sandbox allow-scripts allow-forms allow-modals; default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:; "
        + "font-src data:; media-src data: blob:; form-action 'none'; base-uri 'none'; frame-ancestors 'none'";

    private const string Previews = "/answer-preview";
    private const string Purpose = "aurion answer preview";
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);

    internal static void MapAnswerFiles(this WebApplication app)
    {
        app.MapGet("/chat/answer/{id:guid}/files/{number:int}", SendAsync).RequireAuthorization();
        app.MapGet("/chat/answer/{id:guid}/files.zip", SendAllAsync).RequireAuthorization();
        app.MapGet("/chat/answer/{id:guid}/preview", OpenPreviewAsync).RequireAuthorization();
        app.MapGet(Previews + "/{ticket}", PreviewAsync).OnToolHost(app.Services.GetRequiredService<SiteOptions>());
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

    private static async Task<IResult> OpenPreviewAsync(Guid id, HttpContext http, ConversationStore conversations, SiteOptions site, SignedTickets tickets, CancellationToken ct)
    {
        if (await ListAsync(id, http, conversations, ct) is not { } files || AnswerFiles.PreviewOf(files) is null)
            return Results.NotFound();
        return Results.Redirect($"{site.ToolsOriginText}{Previews}/{TicketOf(http.User.Id(), id, tickets)}");
    }

    private static async Task<IResult> PreviewAsync(string ticket, HttpContext http, ConversationStore conversations, SignedTickets tickets, CancellationToken ct)
    {
        http.Features.Set(new ContentPolicy(PreviewPolicy));
        http.Response.Headers["X-Robots-Tag"] = "noindex";
        return Read(ticket, tickets) is var (userId, id) && await ListAsync(userId, id, conversations, ct) is { } files && AnswerFiles.PreviewOf(files) is { } page
            ? Results.Content(page, MediaTypeNames.Text.Html, Encoding.UTF8)
            : Results.NotFound();
    }

    private static string TicketOf(Guid userId, Guid id, SignedTickets tickets)
    {
        Span<byte> ids = stackalloc byte[32];
        userId.TryWriteBytes(ids);
        id.TryWriteBytes(ids[16..]);
        return tickets.Create(Purpose, ids, Lifetime);
    }

    private static (Guid UserId, Guid Id)? Read(string ticket, SignedTickets tickets)
    {
        Span<byte> ids = stackalloc byte[32];
        return tickets.TryRead(Purpose, ticket, ids) ? (new Guid(ids[..16]), new Guid(ids[16..])) : null;
    }

    private static Task<IReadOnlyList<AnswerFile>?> ListAsync(Guid id, HttpContext http, ConversationStore conversations, CancellationToken ct) =>
        ListAsync(http.User.Id(), id, conversations, ct);

    private static async Task<IReadOnlyList<AnswerFile>?> ListAsync(Guid userId, Guid id, ConversationStore conversations, CancellationToken ct) =>
        await conversations.FindMessageAsync(userId, id, ct) is { IsAnswer: true, IsWriting: false } answer ? AnswerFiles.Of(answer.Content) : null;
}
