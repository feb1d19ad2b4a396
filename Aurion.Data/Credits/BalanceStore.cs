using Dapper;

namespace Aurion.Data.Credits;

/// <summary>What accounts hold now.</summary>
public sealed class BalanceStore(Database db, TimeProvider clock)
{
    public Task<Balance?> FindAsync(Guid userId, CancellationToken ct = default) =>
        db.FindAsync<Balance>(userId, $"""
            SELECT {Balance.Columns}
              FROM {Balance.Tables}
             WHERE c.user_id = @userId
            """, new { now = clock.GetUtcNow() }, ct);

    /// <summary>The balances of many users in one reading, as the service: for pages and streams whose owners have signed in.</summary>
    public async Task<IReadOnlyList<(Guid UserId, Balance Balance)>> ListAsync(Guid[] userIds, CancellationToken ct = default)
    {
        await using var connection = await db.OpenGroupReadAsync(ct);
        var rows = await connection.QueryAsync<Guid, Balance, (Guid, Balance)>(new CommandDefinition($"""
            SELECT c.user_id AS id, {Balance.Columns}
              FROM {Balance.Tables}
             WHERE c.user_id = ANY (@userIds)
            """, new { userIds, now = clock.GetUtcNow() }, cancellationToken: ct), (userId, balance) => (userId, balance), splitOn: "total");
        return rows.AsList();
    }
}

/// <summary>What an account holds at one instant, and until when: every page takes its figures from here.</summary>
/// <param name="Bonus">What the grants hold that may be spent now.</param>
/// <param name="Available">What may be spent now, by <c>spendable_credits</c>.</param>
/// <param name="PlanLeft">What the plan still holds, whether or not it is frozen.</param>
/// <param name="Capacity">What "full" means for the meter: the plan's credits and whatever was added to them.</param>
/// <param name="State">"out", "low" or "", by <c>balance_state</c>.</param>
/// <param name="Notice">What the owner wants to be told of it: "out", "low", "below", "expiring" or "", by <c>balance_notice</c>.</param>
/// <param name="CreditsWait">The free plan's credits are given once the address is proven.</param>
public sealed record Balance(
    int Total, int Used, int Bonus, int Available, int PlanLeft, int Capacity, string State, string Plan, string PlanName, string Status,
    DateTimeOffset RenewsAt, bool EndsThen, int CreditsThen, bool IsFrozen, string? Interval, bool CreditsWait,
    string Notice = "", int? Expiring = null, DateTimeOffset? ExpiresAt = null, DateTimeOffset? GraceEndsAt = null, int? DueCents = null, string? PayUrl = null)
{
    /// <summary>Frozen not for want of payment, but because a payment is contested at the bank.</summary>
    public bool IsDisputed => IsFrozen && Status != "past_due";

    /// <summary>Null for whoever has paid.</summary>
    public Owed? Owed => Status == "past_due" ? new(DueCents, GraceEndsAt, PayUrl, IsFrozen) : null;

    internal const string Columns = """
        c.total_credits AS total, c.used_credits AS used, b.bonus, b.available,
        c.total_credits - c.used_credits AS plan_left, c.total_credits + b.bonus AS capacity, balance_state(b.available, c.total_credits) AS state,
        p.plan_type AS plan, n.name AS plan_name, p.status, p.current_period_end AS renews_at, p.cancel_at_period_end AS ends_then,
        CASE WHEN p.cancel_at_period_end THEN (SELECT f.credits_monthly FROM plans f WHERE f.plan_type = 'free') ELSE p.credits_monthly END AS credits_then,
        coalesce(c.frozen_at <= @now, false) AS is_frozen, p.billing_interval AS interval, p.credits_wait,
        said.notice, said.expiring, said.expires_at, p.grace_ends_at, due.cents AS due_cents, due.pay_url
        """;

    // OFFSET 0 keeps each function at one call a row.
    internal const string Tables = """
        user_credits c JOIN user_plans p ON p.user_id = c.user_id JOIN plans n ON n.plan_type = p.plan_type
        CROSS JOIN LATERAL (SELECT spendable_credits(c, @now) AS available,
                                   CASE WHEN c.bonus_credits = 0 THEN 0 ELSE spendable_bonus(c.user_id, @now) END AS bonus OFFSET 0) AS b
        CROSS JOIN LATERAL balance_notice(c, b.available, @now) AS said
        LEFT JOIN LATERAL (SELECT i.amount_due - i.amount_paid AS cents, i.hosted_url AS pay_url FROM stripe_invoices i
                            WHERE p.status = 'past_due' AND i.user_id = c.user_id AND i.subscription_id = p.stripe_subscription_id AND i.status = 'open'
                            ORDER BY i.created_at DESC LIMIT 1) AS due ON true
        """;
}

/// <summary>A renewal that is not paid.</summary>
/// <param name="Cents">What its invoice still asks for; null until the invoice is known.</param>
/// <param name="GraceEndsAt">From then on the plan's credits wait for the payment.</param>
/// <param name="PayUrl">The invoice's page at Stripe.</param>
public sealed record Owed(int? Cents, DateTimeOffset? GraceEndsAt, string? PayUrl, bool IsFrozen);
