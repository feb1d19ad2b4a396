using Dapper;

namespace Aurion.Data.Billing;

/// <summary>Reads the billing page in one round trip.</summary>
public sealed class BillingOverviewStore(Database db, TimeProvider clock)
{
    private const int Invoices = 24;

    public Task<BillingOverview> GetAsync(Guid userId, CancellationToken ct = default) =>
        db.ReadAsync(userId, $"""
            SELECT p.plan_type AS type, n.name, p.status, p.billing_interval AS interval, p.current_period_end AS period_end, p.paid_until,
                   p.grace_ends_at, p.credits_monthly,
                   CASE p.billing_interval WHEN 'year' THEN n.annual_price_cents ELSE n.monthly_price_cents END AS price_cents,
                   coalesce(c.frozen_at <= @now, false) AS is_frozen
              FROM user_plans p
              JOIN plans n USING (plan_type)
              JOIN user_credits c USING (user_id)
             WHERE p.user_id = @userId;
            SELECT s.subscription_id AS id, s.status, s.item_id, s.price_id, s.plan_type, coalesce(n.name, s.plan_type) AS plan_name, s.billing_interval AS interval,
                   s.current_period_end AS period_end, s.cancel_at_period_end OR s.cancel_at IS NOT NULL AS is_ending, s.cancel_at, s.canceled_at, s.pause_behavior, s.pause_resumes_at, s.has_pending_update, coalesce(s.has_discount, false) AS has_discount, s.card_brand, s.card_last4, s.card_expiry,
                   (SELECT i.hosted_url FROM stripe_invoices i
                     WHERE i.user_id = s.user_id AND i.subscription_id = s.subscription_id AND i.status = 'open'
                     ORDER BY i.created_at DESC LIMIT 1) AS open_invoice_url,
                   coalesce(CASE s.billing_interval WHEN 'year' THEN n.annual_price_cents ELSE n.monthly_price_cents END, 0) AS next_price_cents
              FROM user_subscriptions s
              LEFT JOIN plans n USING (plan_type)
             WHERE s.user_id = @userId AND s.status <> 'canceled' AND (s.status <> 'incomplete_expired' OR s.created_at > @now - interval '8 days')
             ORDER BY s.status = 'incomplete_expired', s.status = 'incomplete', s.created_at DESC
             LIMIT 1;
            SELECT k.plan_type, n.name AS plan_name, k.billing_interval AS interval, k.url
              FROM purchases k
              JOIN plans n USING (plan_type)
             WHERE k.user_id = @userId AND k.kind = 'plan' AND k.status = 'open' AND k.expires_at > @now;
            SELECT invoice_id AS id, number, status, total AS total_cents, amount_refunded AS refunded_cents, attempt_count AS attempts, created_at, hosted_url, pdf_url, NULL::uuid AS top_up
              FROM stripe_invoices
             WHERE user_id = @userId AND status <> 'draft'
            UNION ALL
            SELECT payment_intent_id, NULL, 'paid', amount_paid, amount_refunded, 1, created_at, NULL, NULL, operation_id
              FROM purchases
             WHERE user_id = @userId AND kind = 'top_up' AND status = 'complete'
             ORDER BY created_at DESC, id DESC
             LIMIT {Invoices}
            """,
            new { now = clock.GetUtcNow() },
            async results => new BillingOverview(
                await results.ReadSingleAsync<CurrentPlan>(),
                await results.ReadSingleOrDefaultAsync<Subscription>(),
                await results.ReadSingleOrDefaultAsync<OpenCheckout>(),
                [.. await results.ReadAsync<Invoice>()]), ct);
}
