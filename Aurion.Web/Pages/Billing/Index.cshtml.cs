using Aurion.Data.Billing;
using Aurion.Web.Account;
using Aurion.Web.Billing;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Aurion.Web.Pages.Billing;

[Authorize]
public sealed class IndexModel(BillingOverviewStore billing, TopUpStore topUps, PlanChangeStore intents, TimeProvider clock) : PageModel
{
    public BillingOverview Billing { get; private set; } = null!;
    public BillingState State { get; private set; }
    public TopUpSettings? TopUp { get; private set; }

    /// <summary>What the person wants and is not done yet, or did not happen and was not said at once.</summary>
    public PlanChangeIntent? Intent { get; private set; }

    public async Task OnGetAsync(CancellationToken ct)
    {
        Billing = await billing.GetAsync(User.Id(), ct);
        State = Billing.State();
        TopUp = await topUps.FindAsync(User.Id(), ct);
        var latest = await intents.FindLatestAsync(User.Id(), ct);
        Intent = latest is { State: "waiting" } or { State: "failed" or "declined", Attempts: > 1 } && latest.CreatedAt > clock.GetUtcNow().AddDays(-1) ? latest : null;
    }
}
