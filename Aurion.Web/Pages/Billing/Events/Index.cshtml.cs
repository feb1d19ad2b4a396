using Aurion.Data.Billing;
using Aurion.Web.Account;
using Aurion.Web.Billing;
using Aurion.Web.Billing.Events;
using Aurion.Web.Pages.Shared;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;

namespace Aurion.Web.Pages.Billing.Events;

/// <summary>Everything Stripe told us, and what became of it.</summary>
[Authorize(AccountRegistration.AdminPolicy)]
public sealed class IndexModel(ReceivedEventStore events, EventReplayer replayer, IStringLocalizer<BillingText> words) : PageModel
{
    [FromQuery]
    public string? State { get; set; }

    public IReadOnlyList<ReceivedEvent> Events { get; private set; } = [];
    public IReadOnlyList<EventCount> Counts { get; private set; } = [];
    public bool HasFailed => Counts.Any(count => count is { State: "failed", Count: > 0 });

    public async Task OnGetAsync(CancellationToken ct) => (Events, Counts) = await events.ListAsync(State, ct);

    /// <summary>Replays every failed event.</summary>
    public async Task<IActionResult> OnPostAsync(CancellationToken ct)
    {
        TempData.Toast(words["{0} events are being replayed.", await replayer.ReplayAsync(null, ct)]);
        return RedirectToPage();
    }
}
