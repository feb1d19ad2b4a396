using Aurion.Data.Account;
using Aurion.Web.Account;
using Aurion.Web.Account.Exports;
using Aurion.Web.Infrastructure.Jobs;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Aurion.Web.Pages.Account;

/// <summary>Asks for the file with everything that is kept about a person, and leads to it when it is ready.</summary>
[Authorize]
[ResponseCache(NoStore = true)]
public sealed class ExportModel(ExportFileStore files, JobQueue jobs, TimeProvider clock) : PageModel
{
    /// <summary>Null when none is being made or kept.</summary>
    public ExportState? State { get; private set; }

    public DateTimeOffset Now { get; } = clock.GetUtcNow();

    public async Task OnGetAsync(CancellationToken ct) => State = await files.FindAsync(User.Id(), ct);

    public async Task<IActionResult> OnPostAsync(CancellationToken ct)
    {
        await files.AskAsync(User.Id(), ct);
        await jobs.WakeAsync<PrepareExportsJob>(ct);
        return LocalRedirect("/account/export");
    }
}
