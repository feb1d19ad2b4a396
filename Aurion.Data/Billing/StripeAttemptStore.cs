using Dapper;

namespace Aurion.Data.Billing;

/// <summary>Which attempt of a wish Stripe is asked for: the first, until an answer that Stripe keeps has shown that the attempt is used up.</summary>
public sealed class StripeAttemptStore(Database db, TimeProvider clock)
{
    public async Task<int> GetAsync(string wish, CancellationToken ct = default)
    {
        await using var connection = await db.OpenAsync(ct);
        return await connection.QuerySingleOrDefaultAsync<int?>(new CommandDefinition(
            "SELECT attempt FROM stripe_attempts WHERE wish = @wish", new { wish }, cancellationToken: ct)) ?? 1;
    }

    /// <summary>The attempt after a used one; whoever saw the same one used gets the same next one.</summary>
    public async Task<int> NextAsync(string wish, int used, CancellationToken ct = default)
    {
        await using var connection = await db.OpenAsync(ct);
        return await connection.QuerySingleAsync<int>(new CommandDefinition("""
            INSERT INTO stripe_attempts AS a (wish, attempt, changed_at) VALUES (@wish, @used + 1, @now)
                ON CONFLICT (wish) DO UPDATE SET attempt = greatest(a.attempt, @used + 1), changed_at = @now
            RETURNING attempt
            """, new { wish, used, now = clock.GetUtcNow() }, cancellationToken: ct));
    }
}
