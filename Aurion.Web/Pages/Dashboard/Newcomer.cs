using Aurion.Data.Dashboard;
using Aurion.Data.Tools;

namespace Aurion.Web.Pages.Dashboard;

/// <summary>What somebody sees who has not launched anything yet: three tools with pictures of what they make, and what an afternoon costs.</summary>
public sealed record Newcomer(IReadOnlyList<FirstTool> Tools, IReadOnlyList<(FirstTool Tool, int Times)> Afternoon)
{
    private static readonly (string Id, string Picture, int Width, int Height, int Times)[] Shown =
        [("image-generation", "image", 700, 438, 3), ("app-builder", "app", 500, 200, 1), ("ai-chat", "chat", 500, 200, 12)];

    /// <summary>Null for whoever has used a tool, pays, or has spent; and where no tool that has a picture is open.</summary>
    public static Newcomer? Of(Overview overview)
    {
        var balance = overview.Balance;
        if (overview.Holder.Used.Length > 0 || balance.Plan != "free" || balance.Status != "active" || balance.IsFrozen || balance.Available < balance.Total)
            return null;
        var tools = Shown.Select(shown => (shown, Tool: overview.Tools.FirstOrDefault(tool => tool.Id == shown.Id && tool.IsLaunchable))).Where(found => found.Tool is not null)
            .Select(found => (First: new FirstTool(found.Tool!, found.shown.Picture, found.shown.Width, found.shown.Height), found.shown.Times)).ToList();
        return tools.Count == 0 ? null : new([.. tools.Select(tool => tool.First)], [.. tools.OrderByDescending(tool => tool.First.Card.Cost)]);
    }

    public int CostOfAfternoon => Afternoon.Sum(use => use.Tool.Card.Cost * use.Times);
}

/// <summary>A tool with its picture, in pixels.</summary>
public sealed record FirstTool(ToolCard Card, string Picture, int Width, int Height);
