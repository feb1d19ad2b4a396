using Aurion.Web.Ai.Images;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Aurion.Web.Pages.Images;

/// <summary>How far one batch is, for the page that shows it.</summary>
[Authorize]
public sealed class BatchModel(StudioRooms rooms) : PageModel
{
    public async Task<IActionResult> OnGetAsync(Guid id, Guid? show, CancellationToken ct)
    {
        if (!Request.IsHtmx())
            return LocalRedirect("/images");
        return await rooms.FindBatchAsync(User.Id(), id, show, ct) is { } batch ? Partial("_Batch", batch) : NotFound();
    }
}
