using Aurion.Web.Ai.Images;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Aurion.Web.Pages.Images;

/// <summary>Gives back the pictures of a batch that no engine has begun.</summary>
[Authorize]
public sealed class StopModel(Studio studio, StudioRooms rooms) : PageModel
{
    public IActionResult OnGet(Guid id) => LocalRedirect("/images");

    public async Task<IActionResult> OnPostAsync(Guid id, CancellationToken ct)
    {
        await studio.StopAsync(User.Id(), id, ct);
        if (await rooms.FindBatchAsync(User.Id(), id, null, ct) is not { } batch)
            return NotFound();
        return Request.IsHtmx() ? Partial("_Batch", batch) : LocalRedirect("/images");
    }
}
