using Aurion.Data.Billing;
using Aurion.Data.Tools;
using Aurion.Web.Infrastructure.Pages;
using Aurion.Web.Pages.Shared;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Aurion.Web.Pages;

/// <summary>The front door: what a credit is, what each tool costs, what a plan holds. Every figure comes from the tables.</summary>
[SameForVisitors]
public sealed class IndexModel(PlanStore plans, CatalogueStore catalogue) : PageModel
{
    public PlanCards Plans { get; private set; } = null!;

    public Receipt? Example { get; private set; }

    public async Task OnGetAsync(string? period, CancellationToken ct)
    {
        var tools = await catalogue.ListAsync(ct);
        Plans = new PlanCards(await plans.ShowAsync(ct), tools, period == PlanCards.Year, "/");
        Example = Receipt.Of(Plans);
    }

    /// <summary>A day of a new account, summed from real prices: two launches and a third that fails and costs nothing.</summary>
    public sealed record Receipt(int Start, ToolCard Small, ToolCard Large, ToolCard Failed)
    {
        public int Balance => Start - Small.Cost - Large.Cost;

        public static Receipt? Of(PlanCards plans)
        {
            var start = plans.Plans.FirstOrDefault(plan => plan.IsFree)?.Credits ?? 0;
            if (plans is not { Cheapest: { } small, Dearest: { } large })
                return null;
            var left = start - small.Cost - large.Cost;
            var failed = plans.Tools.Where(tool => tool.IsLaunchable && tool != small && tool != large && tool.Cost <= left).MaxBy(tool => tool.Cost);
            return failed is null ? null : new Receipt(start, small, large, failed);
        }
    }
}
