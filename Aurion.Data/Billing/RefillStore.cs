using Dapper;

namespace Aurion.Data.Billing;

/// <summary>The monthly refill of everything that no invoice refills, and the end of cancelled plans.</summary>
public sealed class RefillStore(Database db)
{
    /// <summary>At most <paramref name="limit"/> users whose window or cancelled plan has ended.</summary>
    public async Task<IReadOnlyList<Guid>> ListDueAsync(int limit, IReadOnlyCollection<Guid> except, DateTimeOffset now, CancellationToken ct = default)
    {
        await using var connection = await db.OpenAsync(ct);
        return (await connection.QueryAsync<Guid>(new CommandDefinition("""
            SELECT user_id FROM user_plans WHERE status = 'canceled' AND paid_until <= @now AND user_id <> ALL (@except)
            UNION ALL
            SELECT p.user_id FROM user_plans p CROSS JOIN LATERAL refill_window(p, @now) WHERE p.user_id <> ALL (@except)
            LIMIT @limit
            """, new { now, except = except.ToArray(), limit }, commandTimeout: 300, cancellationToken: ct))).AsList();
    }

    /// <summary>Refills these users in one transaction, as far as they are still due; how many were refilled or became free.</summary>
    public async Task<int> RefillAsync(IReadOnlyList<Guid> users, DateTimeOffset now, CancellationToken ct = default)
    {
        await using var connection = await db.OpenAsync(ct);
        return await connection.QuerySingleAsync<int>(new CommandDefinition(
            "SELECT reset_monthly_credits(@now, NULL, @users)", new { now, users = users.ToArray() }, commandTimeout: 300, cancellationToken: ct));
    }
}
