using Dapper;

namespace Aurion.Data.Admin;

/// <summary>One account in the list of all: what its plan is, and the credits that may be spent now.</summary>
public sealed record ListedAccount(Guid Id, string Email, string? FullName, string Plan, string Status, int Available, DateTimeOffset CreatedAt);

/// <summary>Who an account belongs to; no customer before the first payment, no sign-in of ours where another service keeps it.</summary>
public sealed record AccountOwner(Guid Id, string Email, string? FullName, DateTimeOffset CreatedAt, bool HasSignIn, DateTimeOffset? DisabledAt, string? CustomerId);

/// <summary>Everybody's accounts, for administrators.</summary>
public sealed class AccountListStore(Database db, TimeProvider clock)
{
    public const int Page = 50;

    /// <summary>
    /// The newest accounts, from the one after <paramref name="before"/> on: all, or those that <paramref name="wanted"/> names by
    /// the beginning of the address, by their id, or by their customer at Stripe.
    /// </summary>
    public async Task<IReadOnlyList<ListedAccount>> ListAsync(string? wanted, Guid? before, CancellationToken ct = default)
    {
        wanted = string.IsNullOrWhiteSpace(wanted) ? null : wanted.Trim();
        Guid? id = Guid.TryParse(wanted, out var parsed) ? parsed : null;
        var condition = wanted switch
        {
            null => "true",
            _ when id is not null => "p.id = @id",
            ['c', 'u', 's', '_', ..] => "p.id IN (SELECT s.user_id FROM stripe_customers s WHERE s.customer_id = @wanted)",
            _ => "lower(p.email) ~>=~ lower(@wanted) AND lower(p.email) ~<~ (lower(@wanted) || U&'\\+10FFFF')",
        };
        await using var connection = await db.OpenAsync(ct);
        return (await connection.QueryAsync<ListedAccount>(new CommandDefinition($"""
            SELECT p.id, p.email, p.full_name, n.name AS plan, u.status,
                   spendable_credits(k, @now) AS available, p.created_at
              FROM profiles p
              JOIN user_plans u ON u.user_id = p.id
              JOIN plans n ON n.plan_type = u.plan_type
              JOIN user_credits k ON k.user_id = p.id
             WHERE {condition}
               AND (@before::uuid IS NULL OR (p.created_at, p.id) < (SELECT b.created_at, b.id FROM profiles b WHERE b.id = @before))
             ORDER BY p.created_at DESC, p.id DESC
             LIMIT {Page}
            """, new { wanted, id, before, now = clock.GetUtcNow() }, cancellationToken: ct))).AsList();
    }

    public async Task<AccountOwner?> FindAsync(Guid id, CancellationToken ct = default)
    {
        await using var connection = await db.OpenAsync(ct);
        return await connection.QuerySingleOrDefaultAsync<AccountOwner>(new CommandDefinition("""
            SELECT p.id, p.email, p.full_name, p.created_at, c.user_id IS NOT NULL AS has_sign_in, c.disabled_at, s.customer_id
              FROM profiles p
              LEFT JOIN account_credentials c ON c.user_id = p.id
              LEFT JOIN stripe_customers s ON s.user_id = p.id
             WHERE p.id = @id
            """, new { id }, cancellationToken: ct));
    }
}
