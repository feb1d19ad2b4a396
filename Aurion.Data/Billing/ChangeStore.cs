using Dapper;

namespace Aurion.Data.Billing;

/// <summary>What a change of plan needs to know and would do.</summary>
public sealed class ChangeStore(Database db, TimeProvider clock)
{
    /// <summary>Null when the account has no subscription that could be changed.</summary>
    public Task<ChangeContext?> FindAsync(Guid userId, string plan, string interval, CancellationToken ct = default) =>
        db.FindAsync<ChangeContext>(userId, """
            SELECT s.subscription_id, s.status, p.plan_type, p.billing_interval AS interval, n.sort::integer AS sort, p.paid_until, s.cancel_at_period_end,
                   s.plan_type AS next_plan_type, x.name AS next_name, s.billing_interval AS next_interval,
                   spendable_credits(c, @now) AS available,
                   (SELECT i.hosted_url FROM stripe_invoices i
                     WHERE i.user_id = s.user_id AND i.subscription_id = s.subscription_id AND i.status = 'open' ORDER BY i.created_at DESC LIMIT 1) AS open_invoice_url,
                   coalesce(c.frozen_at <= @now, false) AS is_disputed,
                   t.price_id AS target_price, w.name AS target_name, coalesce(w.sort, 0)::integer AS target_sort,
                   coalesce(CASE @interval WHEN 'year' THEN w.annual_price_cents ELSE w.monthly_price_cents END, 0) AS target_cents,
                   coalesce(w.credits_monthly, 0) AS target_credits
              FROM user_subscriptions s
              JOIN user_plans p ON p.user_id = s.user_id AND p.stripe_subscription_id = s.subscription_id
              JOIN plans n ON n.plan_type = p.plan_type
              JOIN plans x ON x.plan_type = s.plan_type
              JOIN user_credits c ON c.user_id = s.user_id
              LEFT JOIN plans w ON w.plan_type = @plan AND w.monthly_price_cents > 0
              LEFT JOIN stripe_prices t ON t.plan_type = w.plan_type AND t.billing_interval = @interval AND t.active
             WHERE s.user_id = @userId AND s.status IN ('trialing', 'active', 'past_due') AND p.paid_until IS NOT NULL
            """, new { plan, interval, now = clock.GetUtcNow() }, ct);
}
