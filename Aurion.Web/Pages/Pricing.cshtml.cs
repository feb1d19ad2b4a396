using Aurion.Data.Billing;
using Aurion.Data.Tools;
using Aurion.Web.Infrastructure.Pages;
using Aurion.Web.Pages.Shared;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Aurion.Web.Pages;

/// <summary>The plans by month or year, and what each buys of each tool.</summary>
[SameForVisitors]
public sealed class PricingModel(PlanStore plans, CatalogueStore catalogue) : PageModel
{
    public PlanCards Plans { get; private set; } = null!;

    public async Task OnGetAsync(string? period, CancellationToken ct) =>
        Plans = new PlanCards(await plans.ShowAsync(ct), await catalogue.ListAsync(ct), period == PlanCards.Year, "/pricing");
}
