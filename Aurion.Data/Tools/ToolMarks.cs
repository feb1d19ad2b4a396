namespace Aurion.Data.Tools;

/// <summary>The tools that one person keeps at hand, and those of which a session is running.</summary>
internal sealed record ToolMarks
{
    // Tool by tool, so that the index leads past the sessions of other days.
    public const string OpenTools = """
        ARRAY(SELECT t.tool_id FROM tools t
               WHERE EXISTS (SELECT FROM tool_sessions s
                              WHERE s.user_id = @userId AND s.tool_id = t.tool_id AND s.ended_at IS NULL AND s.expires_at > @now))
        """;

    public const string Query = $"""
        SELECT ARRAY(SELECT tool_id FROM tool_favourites WHERE user_id = @userId) AS favourites, {OpenTools} AS open
        """;

    public string[] Favourites { get; init; } = [];

    public string[] Open { get; init; } = [];

    public ToolCard On(ToolCard tool) => tool with { IsFavourite = Favourites.Contains(tool.Id), IsOpen = Open.Contains(tool.Id) };
}
