using Dapper;

namespace Aurion.Data.Billing;

/// <summary>What a change or an end of a subscription depends on.</summary>
public sealed class SubscriptionStore(Database db, TimeProvider clock)
{
    /// <summary>Null when the account has no subscription that could be changed.</summary>
    public Task<ChangeContext?> FindChangeAsync(Guid userId, string plan, string interval, CancellationToken ct = default) =>
        db.FindAsync<ChangeContext>(userId, """
            SELECT s.subscription_id, s.status, p.plan_type, p.billing_interval AS interval, n.sort::integer AS sort, p.paid_until, s.pause_behavior IS NOT NULL AS is_paused,
                   s.plan_type AS next_plan_type, x.name AS next_name, s.billing_interval AS next_interval,
                   spendable_credits(c, @now) AS available,
                   (SELECT i.hosted_url FROM stripe_invoices i
                     WHERE i.user_id = s.user_id AND i.subscription_id = s.subscription_id AND i.status = 'open' ORDER BY i.created_at DESC LIMIT 1) AS open_invoice_url,
                   coalesce(c.frozen_at <= @now, false) AS is_disputed,
                   t.price_id AS target_price, w.name AS target_name, coalesce(w.sort, 0)::integer AS target_sort,
                   coalesce(CASE @interval WHEN 'year' THEN w.annual_price_cents ELSE w.monthly_price_cents END, 0) AS target_cents,
                   coalesce(w.credits_monthly, 0) AS target_credits,
                   (SELECT o.intent_id FROM plan_change_intents o WHERE o.user_id = s.user_id AND o.state = 'waiting' AND o.charge_attempted_at IS NOT NULL) AS charging
              FROM user_subscriptions s
              JOIN user_plans p ON p.user_id = s.user_id AND p.stripe_subscription_id = s.subscription_id
              JOIN plans n ON n.plan_type = p.plan_type
              JOIN plans x ON x.plan_type = s.plan_type
              JOIN user_credits c ON c.user_id = s.user_id
              LEFT JOIN plans w ON w.plan_type = @plan AND w.monthly_price_cents > 0
              LEFT JOIN stripe_prices t ON t.plan_type = w.plan_type AND t.billing_interval = @interval AND t.active
             WHERE s.user_id = @userId AND s.status IN ('trialing', 'active', 'past_due') AND p.paid_until IS NOT NULL
            """, new { plan, interval, now = clock.GetUtcNow() }, ct);

    /// <summary>What stays when the contract ends: what is due, what buys by itself, what was bought apart.</summary>
    public Task<EndContext> GetEndAsync(Guid userId, CancellationToken ct = default) =>
        db.ReadAsync(userId, """
            SELECT (SELECT k.price_cents FROM top_up_settings t JOIN packs k USING (pack_id) WHERE t.user_id = @userId AND t.enabled AND t.paused_at IS NULL) AS top_up_cents,
                   (SELECT coalesce(sum(g.remaining), 0)::integer FROM credit_grants g
                     WHERE g.user_id = @userId AND g.source <> 'plan' AND g.frozen_at IS NULL AND g.effective_at <= @now AND (g.expires_at IS NULL OR g.expires_at > @now)) AS other_credits,
                   (SELECT coalesce(sum(i.amount_due - i.amount_paid), 0)::integer FROM stripe_invoices i
                     WHERE i.user_id = @userId AND i.status = 'open' AND NOT EXISTS (
                           SELECT FROM user_subscriptions s WHERE s.user_id = @userId AND s.has_pending_update AND s.latest_invoice_id = i.invoice_id)) AS due_cents
            """, new { now = clock.GetUtcNow() }, grid => grid.ReadSingleAsync<EndContext>(), ct);
}

/// <summary>All that a change of plan depends on: what is paid, and what is wanted.</summary>
/// <param name="Charging">A change of which it is not known yet whether it was charged.</param>
public sealed record ChangeContext(
    string SubscriptionId, string Status, string PlanType, string Interval, int Sort, DateTimeOffset PaidUntil, bool IsPaused,
    string NextPlanType, string NextName, string NextInterval, int Available, string? OpenInvoiceUrl, bool IsDisputed,
    string? TargetPrice, string? TargetName, int TargetSort, int TargetCents, int TargetCredits, Guid? Charging)
{
    /// <summary>The plan that was to follow at the end of the paid time, which another change takes the place of; null when none was.</summary>
    public string? PlannedName => (NextPlanType, NextInterval) == (PlanType, Interval) ? null : NextName;

    /// <summary>More, or a longer time, begins at once; less waits for the end of what was paid.</summary>
    public bool IsNow(string interval) => interval == Interval ? TargetSort > Sort : interval == "year" && TargetSort >= Sort;
}

/// <summary>What an end of the contract leaves: automatic top-ups at this price, credits that were bought apart, open invoices.</summary>
public sealed record EndContext(int? TopUpCents, int OtherCredits, int DueCents);
