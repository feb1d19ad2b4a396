using Aurion.Data.Ai;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Aurion.Web.Pages.Chat;

/// <summary>A conversation that its owner shows to whoever has the link: its newest branch, without prices and receipts.</summary>
public sealed class SharedModel(ConversationStore conversations, AttachmentStore attachments) : PageModel
{
    public required Conversation Conversation { get; set; }

    public required IReadOnlyList<ChatMessage> Messages { get; set; }

    /// <summary>The names of the files of each message; the files themselves are not shared.</summary>
    public required ILookup<Guid?, string> FileNames { get; set; }

    public async Task<IActionResult> OnGetAsync(string key, CancellationToken ct)
    {
        if (await conversations.FindSharedAsync(key, ct) is not var (owner, id) || await conversations.FindAsync(owner, id, ct) is not { } conversation)
            return NotFound();
        (Conversation, Messages) = (conversation, await conversations.ListMessagesAsync(owner, id, null, ct));
        FileNames = (await attachments.ListAsync(owner, id, ct)).ToLookup(file => file.MessageId, file => file.Name);
        Response.Headers["X-Robots-Tag"] = "noindex";
        Response.Headers["Referrer-Policy"] = "no-referrer";
        return Page();
    }
}
