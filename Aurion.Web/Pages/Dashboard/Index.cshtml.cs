using Aurion.Data.Dashboard;
using Aurion.Web.Account;
using Aurion.Web.Credits;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Aurion.Web.Pages.Dashboard;

/// <summary>The page after signing in: what is left, until when, where it went, and the tools at hand.</summary>
[Authorize]
public sealed class IndexModel(OverviewStore overviews, BalanceFrame frame, TimeProvider clock) : PageModel
{
    public required Overview Overview { get; set; }

    public required UsageChart Chart { get; set; }

    public required Pace Pace { get; set; }

    public string? FirstName => Overview.Holder.FullName?.Split(' ', 2)[0];

    public async Task OnGetAsync(CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        Overview = await overviews.GetAsync(User.Id(), Zone.Current, ct);
        frame.Show(HttpContext, Overview.Balance);
        Chart = new UsageChart(Overview.Days);
        var watched = now.AddDays(-OverviewStore.Days);
        Pace = Pace.Of(Overview.Balance.Available, Chart.Total, Overview.Holder.Since > watched ? Overview.Holder.Since : watched, now, Overview.Balance.RenewsAt);
    }
}
