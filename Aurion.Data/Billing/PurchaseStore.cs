using Dapper;

namespace Aurion.Data.Billing;

/// <summary>What people buy, from the payment page to the receipt. One page is open at a time for a plan, and for each pack.</summary>
public sealed class PurchaseStore(Database db, TimeProvider clock)
{
    private const int Latest = 12;

    private const string Columns = """
        x.session_id, x.kind, coalesce(n.name, k.name) AS name, x.credits, x.amount_paid AS paid_cents, x.amount_refunded AS refunded_cents,
        x.status, x.payment_status, x.url,
        CASE x.kind WHEN 'plan' THEN EXISTS (SELECT FROM plan_grants p WHERE p.user_id = x.user_id AND p.subscription_id = x.subscription_id AND p.granted_at IS NOT NULL)
                    ELSE x.granted_at IS NOT NULL END AS granted,
        coalesce(g.remaining, 0) AS left, g.frozen_at IS NOT NULL OR x.amount_disputed > 0 AS held, x.created_at,
        spendable_credits(c, @now) AS available
        """;

    private const string Tables = """
        purchases x JOIN user_credits c USING (user_id) LEFT JOIN plans n ON n.plan_type = x.plan_type LEFT JOIN packs k ON k.pack_id = x.pack_id
        LEFT JOIN credit_grants g ON g.user_id = x.user_id AND g.id = x.operation_id
        """;

    /// <summary>Takes the user's place for an open payment page of an offer, or says that it is open.</summary>
    public async Task<PurchasePlace> BeginAsync(Guid userId, Offer offer, bool keepCard, CancellationToken ct = default)
    {
        var now = clock.GetUtcNow();
        await using var connection = await db.OpenAsync(ct);
        return await connection.QuerySingleAsync<PurchasePlace>(new CommandDefinition("""
            SELECT outcome, operation_id, price_id, customer_id, email, full_name, session_id
              FROM begin_purchase(@userId, @Kind, @Id, @Interval, @keepCard, @operationId, @now)
            """, new { userId, offer.Kind, offer.Id, offer.Interval, keepCard, operationId = Guid.CreateVersion7(now), now }, cancellationToken: ct));
    }

    /// <summary>Keeps the page that Stripe opened; false when it must be closed again, because another has taken the place.</summary>
    public async Task<bool> OpenAsync(Guid userId, Guid operationId, string sessionId, string url, DateTimeOffset? expiresAt, CancellationToken ct = default)
    {
        await using var connection = await db.OpenAsync(ct);
        return await connection.QuerySingleAsync<bool>(new CommandDefinition("""
            SELECT open_purchase(@userId, @operationId, @sessionId, @url, @expiresAt)
            """, new { userId, operationId, sessionId, url, expiresAt = expiresAt ?? clock.GetUtcNow().AddHours(24) }, cancellationToken: ct));
    }

    /// <summary>Pages that were replaced and may still be open at Stripe, of one person or of everybody, oldest first.</summary>
    public async Task<IReadOnlyList<ClosingPage>> ListClosingAsync(Guid? userId, CancellationToken ct = default)
    {
        await using var connection = await db.OpenAsync(ct);
        return (await connection.QueryAsync<ClosingPage>(new CommandDefinition("""
            SELECT user_id, operation_id, session_id, kind FROM purchases
             WHERE status = 'closing' AND session_id IS NOT NULL AND (@userId::uuid IS NULL OR user_id = @userId)
             ORDER BY created_at
            """, new { userId }, cancellationToken: ct))).AsList();
    }

    /// <summary>Null when this person opened no such payment page.</summary>
    public Task<Purchase?> FindAsync(Guid userId, string sessionId, CancellationToken ct = default) =>
        db.FindAsync<Purchase>(userId, $"""
            SELECT {Columns} FROM {Tables} WHERE x.user_id = @userId AND x.session_id = @sessionId
            """, new { sessionId, now = clock.GetUtcNow() }, ct);

    /// <summary>Packs that were bought, or are waiting for the bank, newest first.</summary>
    public Task<IReadOnlyList<Purchase>> ListPacksAsync(Guid userId, CancellationToken ct = default) =>
        db.ListAsync<Purchase>(userId, $"""
            SELECT {Columns} FROM {Tables}
             WHERE x.user_id = @userId AND x.kind <> 'plan' AND x.status = 'complete'
             ORDER BY x.created_at DESC, x.operation_id DESC LIMIT {Latest}
            """, new { now = clock.GetUtcNow() }, ct);

    /// <summary>The payment at Stripe behind something that this person bought.</summary>
    public Task<string?> FindPaymentAsync(Guid userId, Guid operationId, CancellationToken ct = default) =>
        db.FindAsync<string>(userId, "SELECT payment_intent_id FROM purchases WHERE user_id = @userId AND operation_id = @operationId", new { operationId }, ct);
}
