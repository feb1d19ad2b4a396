using Aurion.Data.Tools;
using Aurion.Web.Pages.Shared;
using Aurion.Web.Tools;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;

namespace Aurion.Web.Pages.Tools.Work;

[Authorize]
public sealed class DeleteModel(WorkStore works, IStringLocalizer<ToolsText> text) : PageModel
{
    public IActionResult OnGet(Guid id) => LocalRedirect($"/work/{id}");

    public async Task<IActionResult> OnPostAsync(Guid id, CancellationToken ct)
    {
        if (!await works.DeleteAsync(User.Id(), id, ct))
            return NotFound();
        TempData.Toast(text["It is deleted."]);
        return LocalRedirect("/work");
    }
}
