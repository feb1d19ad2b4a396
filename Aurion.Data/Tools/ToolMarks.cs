namespace Aurion.Data.Tools;

/// <summary>The tools that one person keeps at hand, and those of which a session is running.</summary>
internal sealed record ToolMarks
{
    // The last session of each tool, which the index gives at once, and not an EXISTS, which the planner joins with the sessions of all days.
    public const string OpenTools = """
        ARRAY(SELECT t.tool_id FROM tools t
               WHERE @now < (SELECT s.expires_at FROM tool_sessions s
                              WHERE s.user_id = @userId AND s.tool_id = t.tool_id AND s.ended_at IS NULL
                              ORDER BY s.expires_at DESC LIMIT 1))
        """;

    public const string Query = $"""
        SELECT ARRAY(SELECT tool_id FROM tool_favourites WHERE user_id = @userId) AS favourites, {OpenTools} AS open
        """;

    public string[] Favourites { get; init; } = [];

    public string[] Open { get; init; } = [];

    public ToolCard On(ToolCard tool) => tool with { IsFavourite = Favourites.Contains(tool.Id), IsOpen = Open.Contains(tool.Id) };
}
