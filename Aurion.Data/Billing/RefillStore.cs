using Dapper;

namespace Aurion.Data.Billing;

/// <summary>The monthly refill of everything that no invoice refills.</summary>
public sealed class RefillStore(Database db)
{
    /// <summary>Refills at most so many accounts in one transaction; how many they were.</summary>
    public async Task<int> RefillDueAsync(int limit, DateTimeOffset now, CancellationToken ct = default)
    {
        await using var connection = await db.OpenAsync(ct);
        return await connection.QuerySingleAsync<int>(new CommandDefinition(
            "SELECT reset_monthly_credits(@now, @limit)", new { now, limit }, commandTimeout: 300, cancellationToken: ct));
    }
}
