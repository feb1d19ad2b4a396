using Aurion.Data.Tools;

namespace Aurion.Web.Tools;

/// <summary>What the page of a tool shows; exactly one of these at a time.</summary>
public abstract record LaunchState(ToolCard Tool)
{
    /// <summary>Nobody has signed in.</summary>
    public sealed record Visitor(ToolCard Tool) : LaunchState(Tool);

    /// <summary>The tool is announced, not open.</summary>
    public sealed record ComingSoon(ToolCard Tool) : LaunchState(Tool);

    /// <summary>A session is running: its frame is in the page.</summary>
    public sealed record Open(ToolCard Tool, OpenSession Session, int Available, string Address, string Origin, string Token) : LaunchState(Tool);

    /// <summary>Nothing runs. The launch is offered, or its lack of credits is explained; the page moves between the two by itself.</summary>
    public sealed record Closed(ToolCard Tool, LaunchPage Page, LaunchResult? Refusal) : LaunchState(Tool)
    {
        public int Available => Page.Balance.Available;

        public bool IsShort => Available < Tool.Cost;

        /// <summary>Under a quarter of the plan's credits would remain: worth a line before, not a question.</summary>
        public bool LeavesLittle => !IsShort && (Available - Tool.Cost) * 4L < Page.Balance.Total;

        /// <summary>The dialog opens where a launch was refused and where it is known to be.</summary>
        public bool AsksToUpgrade => !Page.Balance.IsFrozen && (IsShort || Refusal is LaunchResult.CreditsExhausted);

        public IReadOnlyList<ToolCard> WithinReach => [.. Page.Launchable.Where(other => other.Cost <= Available).Take(3)];
    }
}
