-- Judges the balances of accounts that moved since they were judged last, and queues a mail for each that a spend has taken below a
-- threshold that its owner wants to be told of: less than a fifth of the plan's credits, none, or a figure of their own. Credits that
-- run at this moment are not spent yet. Returns how many accounts were judged.
CREATE OR REPLACE FUNCTION public.judge_balances(p_users uuid[], p_now timestamptz)
RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    v_judged integer;
BEGIN
    WITH judged AS MATERIALIZED (
        SELECT c.user_id, c.ledger_seq, b.available, c.total_credits AS total, p.current_period_end AS renews_at, s.at_figure,
               b.available * 5::bigint < c.total_credits AS is_low, b.available <= 0 AS is_out, coalesce(b.available < s.at_figure, false) AS is_below_figure,
               coalesce(n.is_low, false) AS was_low, coalesce(n.is_out, false) AS was_out, coalesce(n.is_below_figure, false) AS was_below_figure,
               coalesce(s.at_fifth, true) AS at_fifth, coalesce(s.at_zero, true) AS at_zero,
               coalesce(s.by_mail, true) AND p.closed_at IS NULL
                   AND EXISTS (SELECT FROM usage_logs l WHERE l.user_id = c.user_id AND l.seq > coalesce(n.judged_seq, 0) AND l.delta < 0 AND l.credits_used > 0) AS is_told
          FROM user_credits c
         CROSS JOIN LATERAL (SELECT spendable_credits(c, p_now) + c.held_credits AS available OFFSET 0) AS b
          JOIN user_plans p ON p.user_id = c.user_id
          LEFT JOIN balance_notices n ON n.user_id = c.user_id
          LEFT JOIN notification_settings s ON s.user_id = c.user_id
         WHERE c.user_id = ANY (p_users) AND c.ledger_seq > coalesce(n.judged_seq, 0)
         ORDER BY c.user_id
    ), noted AS (
        INSERT INTO balance_notices AS n (user_id, judged_seq, is_low, is_out, is_below_figure)
        SELECT user_id, ledger_seq, is_low, is_out, is_below_figure FROM judged
            ON CONFLICT (user_id) DO UPDATE SET judged_seq = EXCLUDED.judged_seq, is_low = EXCLUDED.is_low, is_out = EXCLUDED.is_out, is_below_figure = EXCLUDED.is_below_figure
                WHERE n.judged_seq < EXCLUDED.judged_seq
        RETURNING user_id
    ), told AS (
        SELECT j.*, CASE WHEN j.is_out AND NOT j.was_out AND j.at_zero THEN 'credits_out'
                         WHEN j.is_low AND NOT j.was_low AND j.at_fifth THEN 'credits_low'
                         WHEN j.is_below_figure AND NOT j.was_below_figure THEN 'credits_below' END AS kind
          FROM judged j JOIN noted USING (user_id)
         WHERE j.is_told
    ), written AS (
        INSERT INTO mails (user_id, source_ref, kind, facts, created_at, next_attempt_at)
        SELECT user_id, kind || ':' || ledger_seq, kind,
               jsonb_build_object('user_id', user_id, 'left', available, 'total', total, 'figure', at_figure, 'renews_at', renews_at), p_now, p_now
          FROM told WHERE kind IS NOT NULL
            ON CONFLICT DO NOTHING
    )
    SELECT count(*) INTO v_judged FROM noted;
    RETURN v_judged;
END $$;
