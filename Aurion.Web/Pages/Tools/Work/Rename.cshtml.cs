using Aurion.Data.Tools;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Aurion.Web.Pages.Tools.Work;

[Authorize]
public sealed class RenameModel(WorkStore works) : PageModel
{
    private const int LongestTitle = 120;

    public IActionResult OnGet(Guid id) => LocalRedirect($"/work/{id}");

    public async Task<IActionResult> OnPostAsync(Guid id, string? title, CancellationToken ct)
    {
        var clean = string.Concat((title ?? "").Where(c => !char.IsControl(c))).Trim();
        if (clean.Length is 0 or > LongestTitle)
            return BadRequest();
        return await works.RenameAsync(User.Id(), id, clean, ct) ? LocalRedirect($"/work/{id}") : NotFound();
    }
}
