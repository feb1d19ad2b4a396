using Aurion.Data.Ai;
using Aurion.Web.Ai.Attachments;
using Aurion.Web.Ai.Chat;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Aurion.Web.Pages.Chat;

/// <summary>Reads files for the next message, or takes one back; what the message costs with them is shown before it is sent.</summary>
[Authorize, LargeBody(Largest)]
public sealed class AttachModel(AttachmentReader reader, AttachmentStore attachments, ChatRooms rooms, TimeProvider clock) : PageModel
{
    // Two large files at once, and the message beside them.
    private const long Largest = 2 * AttachmentReader.LargestFile + ChatEndpoints.LongestBody;
    private const int LongestName = 100;

    [BindProperty]
    public InputModel Input { get; set; } = new();

    public required ChatRoom Room { get; set; }

    public IActionResult OnGet() => LocalRedirect("/chat");

    public async Task<IActionResult> OnPostAsync(CancellationToken ct)
    {
        if (!ModelState.IsValid)
            return BadRequest();
        var kept = (Input.Attachments ?? []).Take(Chats.MostAttachments).ToList();
        if (Input.Without is { } gone)
        {
            kept.Remove(gone);
            await attachments.RemoveAsync(User.Id(), gone, ct);
        }
        ChatResult? refusal = null;
        foreach (var file in Input.Files ?? [])
        {
            if (await AttachAsync(file, kept, ct) is { } fault)
                refusal = fault;
        }
        if (await rooms.FindAsync(User.Id(), ChatTool.Of(Input.Tool), Input.Conversation, Input.Parent, null, Input.Model, ct, kept) is not { } room)
            return NotFound();
        Room = room with { Refusal = refusal, Unsent = Input.Text };
        if (Request.IsHtmx())
            return Partial("_Attached", Room);
        if (refusal is not null)
            Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
        return Page();
    }

    /// <summary>Why a file was not attached; null when it was.</summary>
    private async Task<ChatResult?> AttachAsync(IFormFile file, List<Guid> kept, CancellationToken ct)
    {
        var name = Prompt.Clean(file.FileName.Split('/', '\\')[^1]).ReplaceLineEndings(" ");
        name = name.Length == 0 ? "?" : name.Length > LongestName ? string.Concat(name.EnumerateRunes().Take(LongestName)) + "…" : name;
        if (kept.Count >= Chats.MostAttachments)
            return new ChatResult.FileRefused(name, "too_many");
        var id = Guid.CreateVersion7(clock.GetUtcNow());
        var (kind, text, picture, why) = await reader.ReadAsync(file, ct) switch
        {
            ReadFile.Text read => (read.Kind, read.Content, null, null),
            ReadFile.Picture drawn => ("picture", "", drawn.Content, (string?)null),
            ReadFile.Refused refused => ("", "", (byte[]?)null, refused.Why),
            var other => throw new InvalidOperationException($"{other} is no outcome."),
        };
        if (why is null && !await attachments.AddAsync(User.Id(), id, name, kind, text, picture is null ? Prompt.TokensOfFile(name, text) : 0, picture, ct))
            why = "too_many_unsent";
        if (why is not null)
            return new ChatResult.FileRefused(name, why);
        kept.Add(id);
        return null;
    }

    public sealed class InputModel
    {
        [FromForm(Name = "text")]
        public string? Text { get; set; }

        [FromForm(Name = "tool")]
        public string? Tool { get; set; }

        [FromForm(Name = "conversation")]
        public Guid? Conversation { get; set; }

        [FromForm(Name = "parent")]
        public Guid? Parent { get; set; }

        [FromForm(Name = "model")]
        public string? Model { get; set; }

        /// <summary>Those that wait already.</summary>
        [FromForm(Name = "attachment")]
        public IReadOnlyList<Guid>? Attachments { get; set; }

        /// <summary>The one to take back.</summary>
        [FromForm(Name = "without")]
        public Guid? Without { get; set; }

        [FromForm(Name = "file")]
        public IReadOnlyList<IFormFile>? Files { get; set; }
    }
}
