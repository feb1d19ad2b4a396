using Aurion.Data.Credits;
using Dapper;

namespace Aurion.Data.Tools;

/// <summary>A tool of ours whose provider has no key: it is shown, and cannot be used until the setting is there, or the tool's row names a page of its operator's.</summary>
public sealed record UnconfiguredTool(string Id, string Setting);

/// <summary>The tools as the catalogue lists them.</summary>
public sealed class CatalogueStore(Database db, IEnumerable<UnconfiguredTool> unconfigured, TimeProvider clock)
{
    private readonly TimedCache<IReadOnlyList<ToolCard>> shown = new(clock);

    /// <summary>
    /// What everybody sees, with nobody's stars and sessions, at most a second old: a crowd does not read the table for each head.
    /// A launch takes its price from the table itself.
    /// </summary>
    public ValueTask<IReadOnlyList<ToolCard>> ListAsync(CancellationToken ct = default) => shown.GetAsync(ReadAsync, ct);

    private async Task<IReadOnlyList<ToolCard>> ReadAsync(CancellationToken ct)
    {
        await using var connection = await db.OpenAsync(ct);
        var rows = await connection.QueryAsync<ToolCard>(new CommandDefinition("""
            SELECT tool_id AS id, name, description, category,
                   CASE WHEN status = 'live' AND tool_id = ANY (@unconfigured) AND address IS NULL THEN 'unconfigured' ELSE status END AS status, cost, kind = 'embedded' AS is_embedded, address, false AS is_favourite, false AS is_open, status_reason
              FROM tools
             WHERE status <> 'off'
             ORDER BY sort
            """, new { unconfigured = unconfigured.Select(tool => tool.Id).ToArray() }, cancellationToken: ct));
        return rows.AsList();
    }

    /// <summary>The catalogues of many people, each with the balance of that instant, in one reading as the service: for pages whose readers have signed in.</summary>
    public async Task<IReadOnlyDictionary<Guid, Catalogue>> ListAsync(Guid[] userIds, CancellationToken ct = default)
    {
        var tools = await ListAsync(ct);
        await using var connection = await db.OpenGroupReadAsync(ct);
        var rows = await connection.QueryAsync<Guid, Balance, ToolMarks, (Guid UserId, Catalogue Catalogue)>(new CommandDefinition($"""
            SELECT c.user_id AS id, {Balance.Columns}, {ToolMarks.Columns}
              FROM {Balance.Tables}
             WHERE c.user_id = ANY (@userIds)
            """, new { userIds, now = clock.GetUtcNow() }, cancellationToken: ct),
            (userId, balance, marks) => (userId, new Catalogue(balance, [.. tools.Select(marks.On)])), splitOn: "total,favourites");
        return rows.ToDictionary(row => row.UserId, row => row.Catalogue);
    }
}

/// <summary>The tools and what their reader can spend; nobody's balance for a visitor.</summary>
public sealed record Catalogue(Balance? Balance, IReadOnlyList<ToolCard> Tools);

/// <summary>A tool as one person sees it: its words, its price, whether it is kept at hand and whether a session of it is running.</summary>
/// <param name="Address">Where its operator serves it; null for a page of Aurion's own.</param>
/// <param name="StatusReason">Why an administrator has stopped it.</param>
public sealed record ToolCard(
    string Id, string Name, string Description, string Category, string Status, int Cost, bool IsEmbedded, string? Address, bool IsFavourite, bool IsOpen,
    string? StatusReason)
{
    /// <summary>False for a tool that is only announced, stopped, or not set up.</summary>
    public bool IsLaunchable => Status == "live";

    /// <summary>Its provider has no key.</summary>
    public bool IsUnconfigured => Status == "unconfigured";

    public bool IsComingSoon => Status == "coming_soon";

    public bool IsStopped => Status == "stopped";
}

/// <summary>The tools that one person keeps at hand, and those of which a session is running.</summary>
internal sealed record ToolMarks
{
    // Of the account c. The last session of each tool, which the index gives at once, and not an EXISTS, which the planner joins with the sessions of all days.
    public const string OpenTools = """
        ARRAY(SELECT t.tool_id FROM tools t
               WHERE @now < (SELECT s.expires_at FROM tool_sessions s
                              WHERE s.user_id = c.user_id AND s.tool_id = t.tool_id AND s.ended_at IS NULL
                              ORDER BY s.expires_at DESC LIMIT 1))
        """;

    public const string Columns = $"""
        ARRAY(SELECT f.tool_id FROM tool_favourites f WHERE f.user_id = c.user_id) AS favourites, {OpenTools} AS open
        """;

    public string[] Favourites { get; init; } = [];

    public string[] Open { get; init; } = [];

    public ToolCard On(ToolCard tool) =>
        Favourites.Contains(tool.Id) is var isFavourite && Open.Contains(tool.Id) is var isOpen && (isFavourite || isOpen)
            ? tool with { IsFavourite = isFavourite, IsOpen = isOpen }
            : tool;
}
