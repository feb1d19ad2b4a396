using Dapper;

namespace Aurion.Data.Billing;

/// <summary>Payment pages that users opened: one open at a time for each.</summary>
public sealed class CheckoutStore(Database db, TimeProvider clock)
{
    /// <summary>Takes the user's one place for an open payment page, or says who has it.</summary>
    public async Task<CheckoutPlace> BeginAsync(Guid userId, string plan, string interval, Guid operationId, DateTimeOffset now, CancellationToken ct = default)
    {
        await using var connection = await db.OpenAsync(ct);
        return await connection.QuerySingleAsync<CheckoutPlace>(new CommandDefinition("""
            SELECT outcome, operation_id, price_id, customer_id, email, full_name, session_id, replaced_session_id
              FROM begin_checkout(@userId, @plan, @interval, @operationId, @now)
            """, new { userId, plan, interval, operationId, now }, cancellationToken: ct));
    }

    /// <summary>The user's customer; the first one kept stays, unless it is <paramref name="replaced"/>.</summary>
    public async Task<string> KeepCustomerAsync(Guid userId, string customerId, string? replaced, DateTimeOffset now, CancellationToken ct = default)
    {
        await using var connection = await db.OpenAsync(ct);
        return await connection.QuerySingleAsync<string>(new CommandDefinition("""
            SELECT keep_stripe_customer(@userId, @customerId, @replaced, @now)
            """, new { userId, customerId, replaced, now }, cancellationToken: ct));
    }

    /// <summary>False when another checkout has taken the place meanwhile.</summary>
    public async Task<bool> OpenAsync(Guid userId, Guid operationId, string sessionId, string url, DateTimeOffset expiresAt, CancellationToken ct = default)
    {
        await using var connection = await db.OpenAsync(ct);
        return await connection.QuerySingleAsync<bool>(new CommandDefinition("""
            SELECT open_checkout(@userId, @operationId, @sessionId, @url, @expiresAt)
            """, new { userId, operationId, sessionId, url, expiresAt }, cancellationToken: ct));
    }

    /// <summary>Who buys, with the customer at Stripe if there is one.</summary>
    public Task<Buyer?> FindBuyerAsync(Guid userId, CancellationToken ct = default) =>
        db.FindAsync<Buyer>(userId, """
            SELECT p.email, p.full_name, c.customer_id FROM profiles p LEFT JOIN stripe_customers c ON c.user_id = p.id WHERE p.id = @userId
            """, ct: ct);

    /// <summary>The user's customer at Stripe; null for who never opened a payment page.</summary>
    public Task<string?> FindCustomerAsync(Guid userId, CancellationToken ct = default) =>
        db.FindAsync<string>(userId, "SELECT customer_id FROM stripe_customers WHERE user_id = @userId", ct: ct);

    public Task<CheckoutState?> FindAsync(Guid userId, string sessionId, CancellationToken ct = default) =>
        db.FindAsync<CheckoutState>(userId, """
            SELECT s.session_id, s.plan_type, p.name AS plan_name, s.billing_interval, s.status, s.payment_status, s.url,
                   EXISTS (SELECT FROM plan_grants g WHERE g.user_id = s.user_id AND g.subscription_id = s.subscription_id AND g.granted_at IS NOT NULL) AS active,
                   spendable_credits(c, @now) AS credits
              FROM stripe_sessions s
              JOIN plans p USING (plan_type)
              JOIN user_credits c USING (user_id)
             WHERE s.user_id = @userId AND s.session_id = @sessionId
            """, new { sessionId, now = clock.GetUtcNow() }, ct);
}
