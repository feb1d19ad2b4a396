using Aurion.Web.Ai.Images;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Aurion.Web.Pages.Images;

/// <summary>The image studio: what to draw, and what was drawn.</summary>
[Authorize]
public sealed class IndexModel(StudioRooms rooms, Studio studio) : PageModel
{
    public required StudioRoom Room { get; set; }

    /// <param name="show">The picture to show in detail.</param>
    /// <param name="like">The picture whose prompt the form takes over.</param>
    public async Task<IActionResult> OnGetAsync(Guid? show, Guid? like, DateTimeOffset? before, CancellationToken ct)
    {
        if (!studio.IsOn)
            return LocalRedirect($"/tools/{Studio.ToolId}");
        if (await rooms.FindAsync(User.Id(), show, like, before, ct) is not { } room)
            return NotFound();
        Room = room;
        return Page();
    }
}
