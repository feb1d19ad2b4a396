namespace Aurion.Data.Tools;

/// <summary>A tool as one person sees it: its words, its price, whether it is kept at hand and whether a session of it is running.</summary>
public sealed record ToolCard(
    string Id, string Name, string Description, string Category, string Status, int Cost, bool IsFavourite, bool IsOpen)
{
    /// <summary>False for a tool that is only announced.</summary>
    public bool IsLaunchable => Status == "live";
}
