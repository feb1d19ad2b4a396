using Dapper;

namespace Aurion.Data.Billing;

/// <summary>The plans and their prices, the one place that has them.</summary>
public sealed class PlanStore(Database db, TimeProvider clock)
{
    private readonly TimedCache<IReadOnlyList<Plan>> shown = new(clock);

    /// <summary>What is shown to every visitor, at most a second old: a crowd does not read the table for each head.</summary>
    public ValueTask<IReadOnlyList<Plan>> ShowAsync(CancellationToken ct = default) => shown.GetAsync(ListAsync, ct);

    public async Task<IReadOnlyList<Plan>> ListAsync(CancellationToken ct = default)
    {
        await using var connection = await db.OpenAsync(ct);
        var rows = await connection.QueryAsync<Plan>(new CommandDefinition("""
            SELECT plan_type AS id, name, monthly_price_cents AS monthly_cents, annual_price_cents AS annual_cents,
                   credits_monthly AS credits, recommended
              FROM plans
             ORDER BY sort
            """, cancellationToken: ct));
        return rows.AsList();
    }
}
