using Aurion.Web.Ai.Chat;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Aurion.Web.Pages.Chat;

/// <summary>A conversation, or the beginning of one, beside the list of all.</summary>
[Authorize]
public sealed class IndexModel(ChatRooms rooms, Chats chats) : PageModel
{
    public required ChatRoom Room { get; set; }

    /// <param name="at">A message of the branch to show.</param>
    /// <param name="edit">The message to write anew.</param>
    public async Task<IActionResult> OnGetAsync(Guid? id, Guid? at, Guid? edit, string? q, string? model, CancellationToken ct)
    {
        if (!chats.IsOn)
            return LocalRedirect($"/tools/{Chats.ToolId}");
        if (await rooms.FindAsync(User.Id(), id, at ?? edit, q, model, ct) is not { } room)
            return NotFound();
        Room = room with { Editing = edit };
        return Page();
    }
}
