using Aurion.Web.Ai.Images;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Aurion.Web.Pages.Images;

/// <summary>One more picture of the same prompt.</summary>
[Authorize]
public sealed class VaryModel(Studio studio, StudioRooms rooms) : PageModel
{
    public required StudioRoom Room { get; set; }

    public IActionResult OnGet(Guid id) => LocalRedirect($"/images?show={id}#look");

    public async Task<IActionResult> OnPostAsync(Guid id, Guid? batch, CancellationToken ct)
    {
        var result = await studio.VaryAsync(User.Id(), id, batch, ct);
        if (result is PictureResult.Started)
            return LocalRedirect("/images");
        if (result is PictureResult.NotFound || await rooms.FindAsync(User.Id(), id, id, null, ct) is not { } room)
            return NotFound();
        Room = room with { Refusal = result };
        Response.StatusCode = StudioWords.StatusOf(result);
        return Page();
    }
}
