using Aurion.Data.Ai;
using Aurion.Web.Ai.Images;
using Aurion.Web.Pages.Shared;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;

namespace Aurion.Web.Pages.Images;

/// <summary>Deletes a picture with its files; its receipt stays.</summary>
[Authorize]
public sealed class DeleteModel(PictureStore pictures, IStringLocalizer<StudioText> words) : PageModel
{
    public IActionResult OnGet(Guid id) => LocalRedirect($"/images?show={id}#look");

    public async Task<IActionResult> OnPostAsync(Guid id, CancellationToken ct)
    {
        if (!await pictures.DeleteAsync(User.Id(), id, ct))
            return NotFound();
        TempData.Toast(words["The picture is deleted."]);
        return LocalRedirect("/images");
    }
}
