using Dapper;

namespace Aurion.Data.Billing;

/// <summary>Packs for sale, and the ones that people bought.</summary>
public sealed class PackStore(Database db, TimeProvider clock)
{
    private const int Latest = 12;

    private const string Columns = """
        x.session_id, k.name AS pack_name, x.credits, x.amount AS amount_cents, x.amount_paid AS paid_cents, x.amount_refunded AS refunded_cents,
        x.status, x.payment_status, x.url, x.kind = 'top_up' AS is_top_up, x.granted_at IS NOT NULL AS granted,
        coalesce(g.remaining, 0) AS left, g.frozen_at IS NOT NULL AS held, x.created_at,
        spendable_credits(c, @now) AS available
        """;

    private const string Tables = """
        pack_purchases x JOIN packs k USING (pack_id) JOIN user_credits c USING (user_id)
        LEFT JOIN credit_grants g ON g.user_id = x.user_id AND g.id = x.operation_id
        """;

    public async Task<IReadOnlyList<Pack>> ListAsync(CancellationToken ct = default)
    {
        await using var connection = await db.OpenAsync(ct);
        return (await connection.QueryAsync<Pack>(new CommandDefinition("""
            SELECT pack_id AS id, name, credits, price_cents FROM packs ORDER BY sort
            """, cancellationToken: ct))).AsList();
    }

    /// <summary>Makes a price the one at which a pack is sold; earlier ones stay known. True when it is news.</summary>
    public async Task<bool> OfferAsync(PackPrice price, DateTimeOffset now, CancellationToken ct = default)
    {
        await using var connection = await db.OpenAsync(ct);
        return await connection.QuerySingleAsync<bool>(new CommandDefinition("""
            SELECT offer_pack_price(@PriceId, @ProductId, @PackId, @Currency, @UnitAmount, @now)
            """, new { price.PriceId, price.ProductId, price.PackId, price.Currency, price.UnitAmount, now }, cancellationToken: ct));
    }

    /// <summary>Takes the user's place for an open payment page of a pack, or says that it is open.</summary>
    public async Task<PackPlace> BeginAsync(Guid userId, string pack, bool keepCard, Guid operationId, DateTimeOffset now, CancellationToken ct = default)
    {
        await using var connection = await db.OpenAsync(ct);
        return await connection.QuerySingleAsync<PackPlace>(new CommandDefinition("""
            SELECT outcome, operation_id, price_id, customer_id, email, full_name, session_id
              FROM begin_pack_checkout(@userId, @pack, @keepCard, @operationId, @now)
            """, new { userId, pack, keepCard, operationId, now }, cancellationToken: ct));
    }

    public async Task OpenAsync(Guid userId, Guid operationId, string sessionId, string? url, DateTimeOffset expiresAt, CancellationToken ct = default)
    {
        await using var connection = await db.OpenAsync(ct);
        await connection.ExecuteAsync(new CommandDefinition("""
            SELECT open_pack_checkout(@userId, @operationId, @sessionId, @url, @expiresAt)
            """, new { userId, operationId, sessionId, url, expiresAt }, cancellationToken: ct));
    }

    /// <summary>Null when this person opened no such payment page.</summary>
    public Task<PackPurchase?> FindAsync(Guid userId, string sessionId, CancellationToken ct = default) =>
        db.FindAsync<PackPurchase>(userId, $"""
            SELECT {Columns} FROM {Tables} WHERE x.user_id = @userId AND x.session_id = @sessionId
            """, new { sessionId, now = clock.GetUtcNow() }, ct);

    /// <summary>The payment at Stripe behind something that this person bought.</summary>
    public Task<string?> FindPaymentAsync(Guid userId, Guid operationId, CancellationToken ct = default) =>
        db.FindAsync<string>(userId, "SELECT payment_intent_id FROM pack_purchases WHERE user_id = @userId AND operation_id = @operationId", new { operationId }, ct);

    /// <summary>What was bought, or is waiting for the bank, newest first.</summary>
    public Task<IReadOnlyList<PackPurchase>> ListBoughtAsync(Guid userId, CancellationToken ct = default) =>
        db.ListAsync<PackPurchase>(userId, $"""
            SELECT {Columns} FROM {Tables}
             WHERE x.user_id = @userId AND x.status = 'complete'
             ORDER BY x.created_at DESC, x.operation_id DESC LIMIT {Latest}
            """, new { now = clock.GetUtcNow() }, ct);
}
