using System.Globalization;
using System.Net.Mime;
using System.Text;
using System.Text.Json;
using Aurion.Data.Ai;
using Microsoft.Extensions.Localization;

namespace Aurion.Web.Ai.Chat;

/// <summary>A conversation to take along: the newest branch as Markdown or as JSON. Both say which words are a machine's.</summary>
public static class ConversationExport
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    internal static void MapConversationExport(this WebApplication app)
    {
        app.MapGet("/chat/{id:guid}/export.md", MarkdownAsync).RequireAuthorization();
        app.MapGet("/chat/{id:guid}/export.json", JsonAsync).RequireAuthorization();
    }

    private static async Task<IResult> MarkdownAsync(Guid id, HttpContext http, ConversationStore conversations, AttachmentStore attachments, IStringLocalizer<ChatText> words, CancellationToken ct)
    {
        if (await FindAsync(http, id, conversations, ct) is not var (conversation, messages))
            return Results.NotFound();
        var text = new StringBuilder($"# {conversation.Title}\n\n> {words["The answers in this conversation were written by a machine and can be wrong."].Value}\n");
        var files = (await attachments.ListAsync(http.User.Id(), id, ct)).ToLookup(file => file.MessageId);
        foreach (var message in messages)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n## {(message.IsAnswer ? message.ModelName : words["You"].Value)}, {message.CreatedAt.Local():yyyy-MM-dd HH:mm} {Zone.Name}\n\n{message.Content}\n");
            foreach (var file in files[message.Id])
                text.Append(CultureInfo.InvariantCulture, $"\n- {file.Name}\n");
        }
        return Results.File(Encoding.UTF8.GetBytes(text.ToString()), "text/markdown; charset=utf-8", $"{id}.md");
    }

    private static async Task<IResult> JsonAsync(Guid id, HttpContext http, ConversationStore conversations, AttachmentStore attachments, CancellationToken ct)
    {
        if (await FindAsync(http, id, conversations, ct) is not var (conversation, messages))
            return Results.NotFound();
        var files = (await attachments.ListContentAsync(http.User.Id(), [.. messages.Select(message => message.Id)], [], ct)).ToLookup(file => file.MessageId);
        var content = new
        {
            conversation.Id,
            conversation.Title,
            conversation.Instructions,
            conversation.CreatedAt,
            MachineMark.DigitalSourceType,
            Messages = messages.Select(message => new { message.Id, message.Role, WrittenByMachine = message.IsAnswer, Model = message.ModelId, message.Content, message.CreatedAt, message.State, message.Credits, Attachments = files[message.Id].Select(file => new { file.Name, file.Kind, file.Text }) }),
        };
        return Results.File(JsonSerializer.SerializeToUtf8Bytes(content, Json), MediaTypeNames.Application.Json, $"{id}.json");
    }

    private static async Task<(Conversation, IReadOnlyList<ChatMessage>)?> FindAsync(HttpContext http, Guid id, ConversationStore conversations, CancellationToken ct) =>
        await conversations.FindAsync(http.User.Id(), id, ct) is { } conversation
            ? (conversation, await conversations.ListMessagesAsync(http.User.Id(), id, null, ct))
            : null;
}
