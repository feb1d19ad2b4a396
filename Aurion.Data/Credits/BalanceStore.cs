using Dapper;

namespace Aurion.Data.Credits;

/// <summary>What accounts hold now.</summary>
public sealed class BalanceStore(Database db, TimeProvider clock)
{
    public Task<Balance?> FindAsync(Guid userId, CancellationToken ct = default) =>
        db.FindAsync<Balance>(userId, $"""
            SELECT {Balance.Columns}
              FROM {Balance.Tables}
             WHERE c.user_id = @userId
            """, new { now = clock.GetUtcNow() }, ct);

    /// <summary>The balances of many users in one reading, as the service: for streams whose owners have signed in.</summary>
    public async Task<IReadOnlyList<(Guid UserId, Balance Balance)>> ListAsync(Guid[] userIds, CancellationToken ct = default)
    {
        await using var connection = await db.OpenAsync(ct);
        var rows = await connection.QueryAsync<Guid, Balance, (Guid, Balance)>(new CommandDefinition($"""
            SELECT c.user_id AS id, {Balance.Columns}
              FROM {Balance.Tables}
             WHERE c.user_id = ANY (@userIds)
            """, new { userIds, now = clock.GetUtcNow() }, cancellationToken: ct), (userId, balance) => (userId, balance), splitOn: "total");
        return rows.AsList();
    }
}
