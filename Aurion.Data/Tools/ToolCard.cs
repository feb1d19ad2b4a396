namespace Aurion.Data.Tools;

/// <summary>A tool as one person sees it: its words, its price, whether it is kept at hand and whether a session of it is running.</summary>
public sealed record ToolCard(
    string Id, string Name, string Description, string Category, string Status, int Cost, bool IsFavourite, bool IsOpen)
{
    /// <summary>False for a tool that is only announced.</summary>
    public bool IsLaunchable => Status == "live";

    internal const string Columns = """
        t.tool_id AS id, t.name, t.description, t.category, t.status, t.cost,
        EXISTS (SELECT FROM tool_favourites f WHERE f.user_id = @userId AND f.tool_id = t.tool_id) AS is_favourite,
        EXISTS (SELECT FROM tool_sessions s
                 WHERE s.user_id = @userId AND s.tool_id = t.tool_id AND s.ended_at IS NULL AND s.expires_at > @now) AS is_open
        """;
}
