using Aurion.Data.Billing;
using Aurion.Data.Tools;

namespace Aurion.Web.Pages.Shared;

/// <summary>The plans as cards, by month or by year; shown on the landing page and on the pricing page at <paramref name="Path"/>.</summary>
public sealed record PlanCards(IReadOnlyList<Plan> Plans, IReadOnlyList<ToolCard> Tools, bool Yearly, string Path)
{
    public const string Year = "year";

    /// <summary>The dearest and the cheapest tool that can be launched: between them lies what a plan buys.</summary>
    public ToolCard? Dearest { get; } = Tools.Where(tool => tool.IsLaunchable).MaxBy(tool => tool.Cost);

    public ToolCard? Cheapest { get; } = Tools.Where(tool => tool.IsLaunchable).MinBy(tool => tool.Cost);

    /// <summary>How many months a year gives away, or null when the plans do not agree.</summary>
    public int? MonthsFree { get; } = FreeMonths(Plans);

    /// <summary>The last plan stands apart below the others when there are more than four.</summary>
    public IEnumerable<Plan> Cards => Plans.Count > 4 ? Plans.SkipLast(1) : Plans;

    public Plan? Strip => Plans.Count > 4 ? Plans[^1] : null;

    public string Interval => Yearly ? Year : "month";

    private static int? FreeMonths(IReadOnlyList<Plan> plans)
    {
        var months = plans.Where(plan => !plan.IsFree).Select(plan => plan.SavedCents / plan.MonthlyCents).Distinct().ToList();
        return months is [> 0] ? months[0] : null;
    }
}
