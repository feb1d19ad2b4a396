using Dapper;

namespace Aurion.Data.Billing;

/// <summary>The monthly refill of everything that no invoice refills.</summary>
public sealed class RefillStore(Database db)
{
    /// <summary>How many accounts were refilled.</summary>
    public async Task<int> RefillDueAsync(DateTimeOffset now, CancellationToken ct = default)
    {
        await using var connection = await db.OpenAsync(ct);
        return await connection.QuerySingleAsync<int>(new CommandDefinition(
            "SELECT reset_monthly_credits(@now)", new { now }, commandTimeout: 300, cancellationToken: ct));
    }
}
