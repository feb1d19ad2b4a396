using Aurion.Data.Tools;
using Aurion.Web.Pages.Shared;
using Aurion.Web.Tools;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;

namespace Aurion.Web.Pages.Tools.Work;

/// <summary>Closes the public address of a piece of work; a later one is another.</summary>
[Authorize]
public sealed class UnpublishModel(WorkStore works, IStringLocalizer<ToolsText> text) : PageModel
{
    public IActionResult OnGet(Guid id) => LocalRedirect($"/work/{id}");

    public async Task<IActionResult> OnPostAsync(Guid id, CancellationToken ct)
    {
        if (await works.PublishAsync(User.Id(), id, null, "", ct) is (false, _))
            return NotFound();
        TempData.Toast(text["The address is closed."]);
        return LocalRedirect($"/work/{id}");
    }
}
