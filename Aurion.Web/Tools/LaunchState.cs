using Aurion.Data.Tools;

namespace Aurion.Web.Tools;

/// <summary>What the page of a tool shows; exactly one of these at a time.</summary>
public abstract record LaunchState(ToolCard Tool)
{
    /// <summary>What an address of the launch page carries to open a piece of work.</summary>
    public static string Query(Guid? work) => work is { } id ? $"?work={id}" : "";

    /// <summary>Nobody has signed in.</summary>
    public sealed record Visitor(ToolCard Tool) : LaunchState(Tool);

    /// <summary>The tool is announced, not open.</summary>
    public sealed record ComingSoon(ToolCard Tool) : LaunchState(Tool);

    /// <summary>The tool waits for a key of its provider.</summary>
    public sealed record Unconfigured(ToolCard Tool) : LaunchState(Tool);

    /// <summary>An administrator has stopped the tool; what a person has made with it stays at <paramref name="Address"/>.</summary>
    public sealed record Stopped(ToolCard Tool, string? Address) : LaunchState(Tool);

    /// <summary>Somebody with a balance.</summary>
    public abstract record Member(ToolCard Tool, LaunchPage Page) : LaunchState(Tool)
    {
        public int Available => Page.Balance.Available;

        public bool IsShort => Available < Tool.Cost;

        /// <summary>The dialog explains a lack of credits; a frozen plan has other words.</summary>
        public virtual bool AsksToUpgrade => IsShort && !Page.Balance.IsFrozen;

        public IReadOnlyList<ToolCard> WithinReach => [.. Page.Launchable.Where(other => other.Cost <= Available).Take(3)];
    }

    /// <summary>A session is running: its frame is in the page.</summary>
    public sealed record Open(ToolCard Tool, LaunchPage Page, OpenSession Session, Guid? Work, string Address, string Origin, string Token) : Member(Tool, Page);

    /// <summary>The tool never reported that it is ready: what was paid is given back, unless it had served this session before.</summary>
    public sealed record Silent(ToolCard Tool, LaunchPage Page, int Refunded) : Member(Tool, Page);

    /// <summary>Nothing runs. The launch is offered, or its lack of credits is explained; the page moves between the two by itself.</summary>
    public sealed record Closed(ToolCard Tool, LaunchPage Page, LaunchResult? Refusal, Guid? Work) : Member(Tool, Page)
    {
        /// <summary>Little would remain: worth a line before, not a question.</summary>
        public bool LeavesLittle => !IsShort && Page.StateAfter.Length > 0;

        /// <summary>Also where a launch was refused a moment ago, whatever has come since.</summary>
        public override bool AsksToUpgrade => !Page.Balance.IsFrozen && (IsShort || Refusal is LaunchResult.CreditsExhausted);
    }
}
