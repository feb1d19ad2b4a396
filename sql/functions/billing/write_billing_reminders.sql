-- Queues what is to be told when its time comes and no event of Stripe's says so: a payment that is still open four days and one day
-- before the plan freezes, the freeze, and the renewal of a year while there is time to cancel (45 days; French law asks for more than
-- a month, Code de la consommation, L215-1). The keys name the fact; of several that a late run finds, the last one is told. Returns
-- how many were queued.
CREATE OR REPLACE FUNCTION public.write_billing_reminders(p_now timestamptz)
RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    v_mails integer;
BEGIN
    WITH owing AS (
        SELECT DISTINCT ON (p.user_id) p.user_id, p.grace_ends_at, i.invoice_id, i.number, i.amount_due - i.amount_paid AS cents, i.hosted_url, n.name,
               CASE WHEN p.grace_ends_at <= p_now THEN 'plan_frozen'
                    WHEN p.grace_ends_at <= p_now + interval '1 day' THEN 'payment_failed_last'
                    ELSE 'payment_failed_again' END AS kind
          FROM user_plans p
          JOIN user_subscriptions s ON s.user_id = p.user_id AND s.subscription_id = p.stripe_subscription_id
          JOIN stripe_invoices i ON i.user_id = p.user_id AND i.subscription_id = s.subscription_id AND i.status = 'open' AND i.attempt_count > 0
           AND NOT (s.has_pending_update AND i.invoice_id = s.latest_invoice_id)
          JOIN plans n ON n.plan_type = p.plan_type
         WHERE p.status = 'past_due' AND p.closed_at IS NULL AND p.grace_ends_at > p_now - interval '7 days' AND p.grace_ends_at <= p_now + interval '4 days'
         ORDER BY p.user_id, i.created_at DESC
    ), ahead AS (
        SELECT p.user_id, s.subscription_id, p.paid_until, x.name, s.billing_interval, s.card_brand, s.card_last4,
               CASE WHEN NOT coalesce(s.has_discount, false) THEN r.unit_amount END AS cents
          FROM user_plans p
          JOIN user_subscriptions s ON s.user_id = p.user_id AND s.subscription_id = p.stripe_subscription_id
          JOIN plans x ON x.plan_type = s.plan_type
          LEFT JOIN stripe_prices r ON r.price_id = s.price_id
         WHERE p.billing_interval = 'year' AND p.status = 'active' AND NOT p.cancel_at_period_end AND s.cancel_at IS NULL AND p.closed_at IS NULL
           AND p.paid_until > p_now AND p.paid_until <= p_now + interval '45 days'
    )
    INSERT INTO mails (user_id, source_ref, kind, facts, created_at, next_attempt_at)
    SELECT user_id, kind || ':' || invoice_id, kind,
           jsonb_strip_nulls(jsonb_build_object('number', number, 'cents', cents, 'plan', name, 'grace_ends_at', grace_ends_at, 'pay_url', hosted_url)), p_now, p_now
      FROM owing
     UNION ALL
    SELECT user_id, 'renewal_ahead:' || subscription_id || ':' || extract(epoch FROM paid_until)::bigint, 'renewal_ahead',
           jsonb_strip_nulls(jsonb_build_object('plan', name, 'interval', billing_interval, 'cents', cents, 'renews_at', paid_until,
                                                'card_brand', card_brand, 'card_last4', card_last4)), p_now, p_now
      FROM ahead
        ON CONFLICT DO NOTHING;
    GET DIAGNOSTICS v_mails = ROW_COUNT;
    RETURN v_mails;
END $$;
