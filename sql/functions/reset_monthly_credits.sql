-- Refills every account whose credit window has ended and that no monthly invoice refills: free and comped plans, and the
-- monthly share of annual ones. Safe to run at any time, any number of times: a window missed for long gives one refill,
-- the current one. An annual plan is refilled for as long as it is paid; a cancelled plan whose time is over becomes free.
-- Returns the number of accounts refilled. Grants are untouched.
CREATE OR REPLACE FUNCTION public.reset_monthly_credits(p_now timestamptz DEFAULT now())
RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    v_refilled integer;
BEGIN
    PERFORM return_to_free(user_id, p_now)
       FROM (SELECT user_id FROM user_plans WHERE status = 'canceled' AND paid_until <= p_now ORDER BY user_id) AS lapsed;

    -- Accounts are locked first and in one order, as in every other writer; the next statement reads the due condition again.
    PERFORM FROM user_credits c
      WHERE c.user_id IN (SELECT user_id FROM user_plans
                           WHERE current_period_end <= p_now AND billing_interval IS DISTINCT FROM 'month' AND status IN ('active', 'canceled')
                             AND (paid_until IS NULL OR paid_until > current_period_end))
      ORDER BY c.user_id FOR NO KEY UPDATE;

    WITH late AS (
        SELECT p.*, ((extract(year FROM p_now AT TIME ZONE 'UTC') - extract(year FROM current_period_end AT TIME ZONE 'UTC')) * 12
                    + extract(month FROM p_now AT TIME ZONE 'UTC') - extract(month FROM current_period_end AT TIME ZONE 'UTC'))::integer AS months
          FROM user_plans p
         WHERE current_period_end <= p_now AND billing_interval IS DISTINCT FROM 'month' AND status IN ('active', 'canceled')
           AND (paid_until IS NULL OR paid_until > current_period_end)
    ), due AS (
        SELECT user_id, credits_monthly AS credits, anchored_month(current_period_end, anchor_day, first) AS period_start,
               anchored_month(current_period_end, anchor_day, first + 1) AS period_end
          FROM (SELECT *, months - (anchored_month(current_period_end, anchor_day, months) > p_now)::integer AS first FROM late) AS l
         WHERE paid_until IS NULL OR anchored_month(current_period_end, anchor_day, first) < paid_until
    ), moved AS (
        UPDATE user_plans p SET current_period_start = d.period_start, current_period_end = d.period_end, updated_at = p_now
          FROM due d WHERE p.user_id = d.user_id
    ), refilled AS (
        SELECT c.user_id, d.credits, c.bonus_credits AS bonus, c.ledger_seq + 1 AS seq, c.ledger_hash AS previous,
               d.credits - (c.total_credits - c.used_credits) AS delta,
               'refill:' || to_char(d.period_start AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS operation,
               jsonb_build_object('credits_granted', d.credits, 'period_start', d.period_start, 'period_end', d.period_end) AS metadata
          FROM due d JOIN user_credits c USING (user_id)
    ), hashed AS MATERIALIZED (
        SELECT r.*, ledger_hash(previous, user_id, seq, p_now, 'credits_reset', 0, delta, credits + bonus, operation, 'system', metadata, NULL, NULL) AS hash
          FROM refilled r
    ), written AS (
        INSERT INTO usage_logs (user_id, seq, created_at, action_type, credits_used, delta, balance_after, operation_id, actor, metadata, hash)
        SELECT user_id, seq, p_now, 'credits_reset', 0, delta, credits + bonus, operation, 'system', metadata, hash FROM hashed
    )
    UPDATE user_credits c
       SET total_credits = h.credits, used_credits = 0, last_reset_date = p_now, ledger_seq = h.seq, ledger_hash = h.hash
      FROM hashed h WHERE c.user_id = h.user_id;
    GET DIAGNOSTICS v_refilled = ROW_COUNT;
    RETURN v_refilled;
END $$;
