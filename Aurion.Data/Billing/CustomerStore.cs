using Dapper;

namespace Aurion.Data.Billing;

/// <summary>Who is which customer at Stripe.</summary>
public sealed class CustomerStore(Database db, TimeProvider clock)
{
    /// <summary>Who buys, with the customer at Stripe if there is one.</summary>
    public Task<Buyer?> FindBuyerAsync(Guid userId, CancellationToken ct = default) =>
        db.FindAsync<Buyer>(userId, """
            SELECT p.email, p.full_name, c.customer_id FROM profiles p LEFT JOIN stripe_customers c ON c.user_id = p.id WHERE p.id = @userId
            """, ct: ct);

    /// <summary>The user's customer at Stripe; null for who never opened a payment page.</summary>
    public Task<string?> FindCustomerAsync(Guid userId, CancellationToken ct = default) =>
        db.FindAsync<string>(userId, "SELECT customer_id FROM stripe_customers WHERE user_id = @userId", ct: ct);

    /// <summary>The user's customer; the first one kept stays, unless it is <paramref name="replaced"/>.</summary>
    public async Task<string> KeepCustomerAsync(Guid userId, string customerId, string? replaced, CancellationToken ct = default)
    {
        await using var connection = await db.OpenAsync(ct);
        return await connection.QuerySingleAsync<string>(new CommandDefinition("""
            SELECT keep_stripe_customer(@userId, @customerId, @replaced, @now)
            """, new { userId, customerId, replaced, now = clock.GetUtcNow() }, cancellationToken: ct));
    }

    /// <summary>Every customer that the user has or had.</summary>
    public async Task<IReadOnlyList<string>> ListCustomersAsync(Guid userId, CancellationToken ct = default)
    {
        await using var connection = await db.OpenAsync(ct);
        return (await connection.QueryAsync<string>(new CommandDefinition("""
            SELECT customer_id FROM stripe_customers WHERE user_id = @userId UNION SELECT customer_id FROM former_stripe_customers WHERE user_id = @userId
            """, new { userId }, cancellationToken: ct))).AsList();
    }
}
