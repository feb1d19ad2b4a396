using Dapper;

namespace Aurion.Data.Credits;

/// <summary>Credits beside the plan's: packs, promotions, refunds.</summary>
public sealed class GrantStore(Database db, TimeProvider clock)
{
    /// <summary>Writes the closing line of every grant that has expired; how many there were.</summary>
    public async Task<int> SweepExpiredAsync(CancellationToken ct = default)
    {
        await using var connection = await db.OpenAsync(ct);
        return await connection.QuerySingleAsync<int>(new CommandDefinition(
            "SELECT sweep_expired_grants(@now)", new { now = clock.GetUtcNow() }, commandTimeout: 300, cancellationToken: ct));
    }
}
