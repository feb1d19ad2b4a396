using Aurion.Data.Dashboard;
using Aurion.Web.Account;
using Aurion.Web.Credits;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Aurion.Web.Pages.Dashboard;

/// <summary>The page after signing in: what is left, until when, where it went, and the tools at hand.</summary>
[Authorize]
public sealed class IndexModel(OverviewGroupRead overviews, BalanceFrame frame, TimeProvider clock) : PageModel
{
    public required Overview Overview { get; set; }

    public required UsageChart Chart { get; set; }

    /// <summary>Null until there are five days of use to judge by.</summary>
    public Pace? Pace { get; private set; }

    /// <summary>For whoever has launched nothing yet.</summary>
    public Newcomer? Newcomer { get; private set; }

    public string? FirstName => Overview.Holder.FullName?.Split(' ', 2)[0];

    public async Task OnGetAsync(CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        Overview = await overviews.GetAsync(new(User.Id(), Zone.Current), ct);
        frame.Show(HttpContext, Overview.Balance);
        Chart = new UsageChart(Overview.Days);
        Newcomer = Newcomer.Of(Overview);
        if (Chart.Days.FirstOrDefault(day => day.Credits > 0) is { } first && first.Day.AddDays(Pace.LeastDays) <= Chart.Days[^1].Day)
        {
            var watched = now.AddDays(-OverviewStore.Days);
            Pace = Pace.Of(Overview.Balance.Available, Chart.Total, Overview.Holder.Since > watched ? Overview.Holder.Since : watched, now, Overview.Balance.RenewsAt);
        }
    }
}
