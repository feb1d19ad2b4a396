using Aurion.Data.Credits;
using Dapper;

namespace Aurion.Data.Tools;

/// <summary>The tools as the catalogue lists them.</summary>
public sealed class CatalogueStore(Database db, TimeProvider clock)
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
            SELECT tool_id AS id, name, description, category, status, cost, false AS is_favourite, false AS is_open
              FROM tools
             WHERE status <> 'off'
             ORDER BY sort
            """, cancellationToken: ct));
        return rows.AsList();
    }

    /// <summary>The catalogue of one person, with the balance of that instant.</summary>
    public async Task<Catalogue> GetAsync(Guid userId, CancellationToken ct = default)
    {
        var tools = await ListAsync(ct);
        return await db.ReadAsync(userId, $"""
            SELECT {Balance.Columns}
              FROM {Balance.Tables}
             WHERE c.user_id = @userId;
            {ToolMarks.Query}
            """, new { now = clock.GetUtcNow() },
            async results =>
            {
                var balance = await results.ReadSingleAsync<Balance>();
                return new Catalogue(balance, [.. tools.Select((await results.ReadSingleAsync<ToolMarks>()).On)]);
            }, ct);
    }
}

/// <summary>The tools and what their reader can spend; nobody's balance for a visitor.</summary>
public sealed record Catalogue(Balance? Balance, IReadOnlyList<ToolCard> Tools);
