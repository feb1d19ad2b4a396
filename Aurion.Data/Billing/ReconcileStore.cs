using Dapper;

namespace Aurion.Data.Billing;

/// <summary>Our side of a comparison with Stripe.</summary>
public sealed class ReconcileStore(Database db)
{
    /// <summary>Of these events, those that never reached us.</summary>
    public async Task<IReadOnlyList<string>> FindMissingEventsAsync(string[] ids, CancellationToken ct = default)
    {
        await using var connection = await db.OpenAsync(ct);
        return (await connection.QueryAsync<string>(new CommandDefinition("""
            SELECT id FROM unnest(@ids) AS id WHERE NOT EXISTS (SELECT FROM stripe_events e WHERE e.id = id.id)
            """, new { ids }, cancellationToken: ct))).AsList();
    }

    /// <summary>Subscriptions that we take to be alive.</summary>
    public async Task<IReadOnlyList<string>> ListLiveAsync(CancellationToken ct = default)
    {
        await using var connection = await db.OpenAsync(ct);
        return (await connection.QueryAsync<string>(new CommandDefinition("""
            SELECT subscription_id FROM user_subscriptions WHERE status IN ('trialing', 'active', 'past_due', 'unpaid', 'paused')
            """, cancellationToken: ct))).AsList();
    }

    /// <summary>Ends here a subscription that Stripe does not know; its owner, or null when it is not alive here.</summary>
    public async Task<Guid?> EndMissingAsync(string subscriptionId, DateTimeOffset now, CancellationToken ct = default)
    {
        await using var connection = await db.OpenAsync(ct);
        return await connection.QuerySingleAsync<Guid?>(new CommandDefinition(
            "SELECT end_missing_subscription(@subscriptionId, @now)", new { subscriptionId, now }, cancellationToken: ct));
    }

    /// <summary>Invoices of subscriptions that we take to be paid.</summary>
    public async Task<IReadOnlyList<string>> ListPaidInvoicesAsync(CancellationToken ct = default)
    {
        await using var connection = await db.OpenAsync(ct);
        return (await connection.QueryAsync<string>(new CommandDefinition("""
            SELECT invoice_id FROM stripe_invoices WHERE status = 'paid' AND subscription_id IS NOT NULL
            """, cancellationToken: ct))).AsList();
    }

    /// <summary>The payments since a time that we gave a pack for, by Stripe's id.</summary>
    public async Task<IReadOnlyList<string>> ListPacksAsync(DateTimeOffset since, CancellationToken ct = default)
    {
        await using var connection = await db.OpenAsync(ct);
        return (await connection.QueryAsync<string>(new CommandDefinition("""
            SELECT coalesce(session_id, payment_intent_id) FROM purchases WHERE kind <> 'plan' AND granted_at IS NOT NULL AND created_at >= @since
            """, new { since }, cancellationToken: ct))).AsList();
    }
}
