using Aurion.Data.Billing;
using Aurion.Web.Account;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Aurion.Web.Pages.Billing.Events;

/// <summary>Everything Stripe told us, and what became of it.</summary>
[Authorize(AccountRegistration.AdminPolicy)]
public sealed class IndexModel(ReceivedEventStore events) : PageModel
{
    [FromQuery]
    public string? State { get; set; }

    public IReadOnlyList<ReceivedEvent> Events { get; private set; } = [];
    public IReadOnlyList<EventCount> Counts { get; private set; } = [];
    public bool HasFailed => Counts.Any(count => count is { State: "failed", Count: > 0 });

    public async Task OnGetAsync(CancellationToken ct) => (Events, Counts) = await events.ListAsync(State, ct);
}
