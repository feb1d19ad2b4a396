using Aurion.Data.Billing;
using Aurion.Web.Account;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Aurion.Web.Pages.Admin.Events;

/// <summary>Everything Stripe told us, and what became of it.</summary>
[Authorize(AccountRegistration.AdminPolicy)]
public sealed class IndexModel(ReceivedEventStore events) : PageModel
{
    [FromQuery]
    public string? State { get; set; }

    /// <summary>The event after which this page begins.</summary>
    [FromQuery]
    public string? Before { get; set; }

    public IReadOnlyList<ReceivedEvent> Events { get; private set; } = [];
    public IReadOnlyList<EventCount> Counts { get; private set; } = [];
    public bool HasFailed => Counts.Any(count => count is { State: "failed", Count: > 0 });

    /// <summary>Where the next page begins; the last full page leads to an empty one.</summary>
    public string? Older => Events.Count == ReceivedEventStore.Page ? Events[^1].Id : null;

    public async Task OnGetAsync(CancellationToken ct) => (Events, Counts) = await events.ListAsync(State, Before, ct);
}
