using Aurion.Data.Billing;
using Aurion.Web.Account;
using Aurion.Web.Billing;
using Aurion.Web.Billing.Sync;
using Aurion.Web.Pages.Shared;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;

namespace Aurion.Web.Pages.Admin.Events;

/// <summary>Every failed event with what its replay would change, and the button that replays them all.</summary>
[Authorize(AccountRegistration.AdminPolicy)]
public sealed class ReplayModel(ReceivedEventStore events, EventReplayer replayer, IStringLocalizer<BillingText> words) : PageModel
{
    // Each line asks Stripe once, all at the same time.
    private const int Shown = 25;

    public int Failed { get; private set; }
    public IReadOnlyList<(ReceivedEvent Event, PreviewedAccount Preview)> Previews { get; private set; } = [];

    public async Task OnGetAsync(CancellationToken ct)
    {
        var (failed, counts) = await events.ListAsync("failed", before: null, ct);
        Failed = counts.FirstOrDefault(count => count.State == "failed")?.Count ?? 0;
        Previews = await Task.WhenAll(failed.Take(Shown).Select(async item => (item, await replayer.PreviewAsync(item.ObjectKind, item.ObjectId, ct))));
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken ct)
    {
        var replayed = await replayer.ReplayAsync(null, ct);
        TempData.Toast(replayed == 1 ? words["The event is being replayed."] : words["{0} events are being replayed.", replayed]);
        return RedirectToPage("Index");
    }
}
