using Aurion.Web.Ai.Chat;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Aurion.Web.Pages.Chat;

/// <summary>A conversation of one tool, or the beginning of one, beside the list of all.</summary>
[Authorize]
public abstract class RoomModel(ChatRooms rooms, Chats chats, ChatTool tool) : PageModel
{
    public required ChatRoom Room { get; set; }

    /// <param name="at">A message of the branch to show.</param>
    /// <param name="edit">The message to write anew.</param>
    public async Task<IActionResult> OnGetAsync(Guid? id, Guid? at, Guid? edit, string? q, string? model, CancellationToken ct)
    {
        if (!chats.IsOn)
            return LocalRedirect($"/tools/{tool.Id}");
        if (await rooms.FindAsync(User.Id(), tool, id, at ?? edit, q, model, ct) is not { } room)
            return NotFound();
        if (room.Tool != tool)
            return LocalRedirect($"{room.Tool.Home}/{id}{Request.QueryString}");
        Room = room with { Editing = edit };
        return Page();
    }
}
