using Dapper;

namespace Aurion.Data.Billing;

/// <summary>A second live subscription that is to be ended and refunded.</summary>
public sealed record DuplicateSubscription(Guid UserId, string SubscriptionId, string KeptSubscriptionId);

/// <summary>Second subscriptions that people came to have.</summary>
public sealed class DuplicateSubscriptionStore(Database db, TimeProvider clock)
{
    public async Task<IReadOnlyList<DuplicateSubscription>> ListOpenAsync(CancellationToken ct = default)
    {
        await using var connection = await db.OpenAsync(ct);
        return (await connection.QueryAsync<DuplicateSubscription>(new CommandDefinition("""
            SELECT user_id, subscription_id, kept_subscription_id FROM duplicate_subscriptions WHERE finished_at IS NULL ORDER BY found_at
            """, cancellationToken: ct))).AsList();
    }

    /// <summary>It is over at Stripe; with <paramref name="refundedCents"/> its money is back as well.</summary>
    public async Task EndAsync(DuplicateSubscription duplicate, int? refundedCents, CancellationToken ct = default)
    {
        await using var connection = await db.OpenAsync(ct);
        await connection.ExecuteAsync(new CommandDefinition("SELECT end_duplicate_subscription(@UserId, @SubscriptionId, @refundedCents, @now)",
            new { duplicate.UserId, duplicate.SubscriptionId, refundedCents, now = clock.GetUtcNow() }, cancellationToken: ct));
    }
}
