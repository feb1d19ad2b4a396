using System.Globalization;
using Aurion.Web.Account;
using Aurion.Web.Account.Deletion;
using Aurion.Web.Account.Sessions;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Aurion.Web.Pages.Account;

[Authorize]
public sealed class DeleteModel(AccountDeletions deletions, TimeProvider clock) : PageModel
{
    public DateTimeOffset DueAt { get; } = clock.GetUtcNow() + AccountDeletions.Grace;

    public string Email => User.Email();

    public void OnGet()
    {
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken ct)
    {
        var deletion = await deletions.ScheduleAsync(User.Id(), ct);
        SessionCookie.Delete(Response);
        TempData[DeletedModel.Key] = deletion.DueAt.ToString("O", CultureInfo.InvariantCulture);
        return RedirectToPage("Deleted");
    }
}
