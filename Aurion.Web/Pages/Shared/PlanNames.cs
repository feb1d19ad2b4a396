namespace Aurion.Web.Pages.Shared;

/// <summary>A plan's name as people read it; the same in both languages.</summary>
public static class PlanNames
{
    public static string Of(string plan) => plan.Length == 0 ? plan : char.ToUpperInvariant(plan[0]) + plan[1..];
}
