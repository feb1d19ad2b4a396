using Dapper;

namespace Aurion.Data.Credits;

/// <summary>Credits beside the plan's: packs, promotions, refunds.</summary>
public sealed class GrantStore(Database db)
{
    /// <summary>At most <paramref name="limit"/> users with a grant that has expired and was not closed yet.</summary>
    public async Task<IReadOnlyList<Guid>> ListExpiredAsync(int limit, IReadOnlyCollection<Guid> except, DateTimeOffset now, CancellationToken ct = default)
    {
        await using var connection = await db.OpenAsync(ct);
        return (await connection.QueryAsync<Guid>(new CommandDefinition("""
            SELECT DISTINCT user_id FROM credit_grants WHERE remaining > 0 AND expires_at <= @now AND user_id <> ALL (@except) LIMIT @limit
            """, new { now, except = except.ToArray(), limit }, cancellationToken: ct))).AsList();
    }

    /// <summary>Writes the closing line of every expired grant of these users in one transaction; how many there were.</summary>
    public async Task<int> SweepExpiredAsync(IReadOnlyList<Guid> users, DateTimeOffset now, CancellationToken ct = default)
    {
        await using var connection = await db.OpenAsync(ct);
        return await connection.QuerySingleAsync<int>(new CommandDefinition(
            "SELECT sweep_expired_grants(@now, @users)", new { now, users = users.ToArray() }, commandTimeout: 300, cancellationToken: ct));
    }
}
