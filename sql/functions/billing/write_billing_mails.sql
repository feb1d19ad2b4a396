-- Writes the mails that are due for what the read p_read_seq changed: a payment, a pack, a top-up, a cancellation,
-- a payment that failed.
-- The keys name the fact, so any order and repetition writes each once; nobody wants the receipt of an old year.
CREATE OR REPLACE FUNCTION public.write_billing_mails(p_user_id uuid, p_read_seq bigint, p_now timestamptz)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO mails (user_id, source_ref, kind, facts, created_at, next_attempt_at)
    SELECT p_user_id, m.source_ref, m.kind, jsonb_strip_nulls(m.facts), p_now, p_now
      FROM (
        SELECT 'receipt:' || i.invoice_id AS source_ref, 'payment_receipt' AS kind,
               jsonb_build_object('number', i.number, 'cents', i.amount_paid, 'paid_at', i.paid_at, 'pdf_url', i.pdf_url, 'plan', n.name,
                                  'interval', g.billing_interval, 'credits', g.credits, 'period_end', g.ends_at) AS facts
          FROM stripe_invoices i
          LEFT JOIN LATERAL (SELECT * FROM plan_grants x WHERE x.user_id = i.user_id AND x.invoice_id = i.invoice_id ORDER BY x.credits DESC, x.source_ref LIMIT 1) g ON true
          LEFT JOIN plans n ON n.plan_type = g.plan_type
         -- That of a pack has its own.
         WHERE i.user_id = p_user_id AND i.read_seq = p_read_seq AND i.subscription_id IS NOT NULL AND i.status = 'paid' AND i.amount_paid > 0 AND i.paid_at > p_now - interval '30 days'
        UNION ALL
        SELECT 'receipt:' || x.payment_intent_id, x.kind || '_receipt',
               jsonb_build_object('number', i.number, 'pdf_url', i.pdf_url, 'cents', x.amount_paid, 'paid_at', x.granted_at, 'credits', x.credits, 'operation', x.operation_id)
          FROM purchases x
          LEFT JOIN LATERAL (SELECT o.number, o.pdf_url FROM stripe_invoices o
                              WHERE x.kind = 'pack' AND o.user_id = x.user_id AND o.subscription_id IS NULL AND o.status = 'paid' AND o.amount_paid = x.amount_paid AND o.created_at >= date_trunc('second', x.created_at)
                              ORDER BY o.created_at LIMIT 1) AS i ON true
         WHERE x.user_id = p_user_id AND x.read_seq = p_read_seq AND x.kind IN ('pack', 'top_up') AND x.payment_intent_id IS NOT NULL AND x.amount_paid > 0 AND x.granted_at > p_now - interval '30 days'
        UNION ALL
        SELECT 'cancellation:' || s.subscription_id || ':' || extract(epoch FROM s.canceled_at)::bigint, 'cancellation',
               jsonb_build_object('plan', n.name, 'reference', s.subscription_id, 'cancelled_at', s.canceled_at, 'ends_at', greatest(p.paid_until, s.cancel_at, CASE WHEN p.paid_until IS NULL OR s.status = 'past_due' THEN s.current_period_end END),
                                  'due_cents', (SELECT sum(i.amount_due - i.amount_paid) FROM stripe_invoices i
                                                 WHERE i.user_id = s.user_id AND i.subscription_id = s.subscription_id AND i.status = 'open' AND NOT (s.has_pending_update AND i.invoice_id = s.latest_invoice_id)),
                                  'top_up_cents', (SELECT k.price_cents FROM top_up_settings t JOIN packs k USING (pack_id) WHERE t.user_id = s.user_id AND t.enabled AND t.paused_at IS NULL))
          FROM user_subscriptions s JOIN plans n USING (plan_type)
          LEFT JOIN user_plans p ON p.user_id = s.user_id AND p.stripe_subscription_id = s.subscription_id
         WHERE s.user_id = p_user_id AND s.read_seq = p_read_seq AND (s.cancel_at_period_end OR s.cancel_at IS NOT NULL) AND s.canceled_at > p_now - interval '30 days' AND s.ended_at IS NULL
        UNION ALL
        SELECT 'payment_failed:' || i.invoice_id, 'payment_failed',
               jsonb_build_object('number', i.number, 'cents', i.amount_due, 'plan', n.name, 'grace_ends_at', p.grace_ends_at, 'pay_url', i.hosted_url)
          FROM stripe_invoices i JOIN user_subscriptions s ON s.user_id = i.user_id AND s.subscription_id = i.subscription_id
          JOIN user_plans p ON p.user_id = i.user_id AND p.stripe_subscription_id = s.subscription_id JOIN plans n ON n.plan_type = p.plan_type
         WHERE i.user_id = p_user_id AND p_read_seq IN (i.read_seq, s.read_seq) AND p.status = 'past_due' AND i.status = 'open' AND i.attempt_count > 0
      ) m
        ON CONFLICT DO NOTHING;
END $$;
