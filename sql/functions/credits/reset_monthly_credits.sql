-- Refills the accounts that have a refill_window, all of them, at most p_limit, or those of p_users. Safe to run at any time, any
-- number of times: a window missed for long gives one refill, the current one. A cancelled plan whose time is over becomes free.
-- Returns how many accounts were refilled, and how many became free. Grants are untouched.
CREATE OR REPLACE FUNCTION public.reset_monthly_credits(p_now timestamptz DEFAULT now(), p_limit integer DEFAULT NULL, p_users uuid[] DEFAULT NULL)
RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
-- Nobody is due until everybody is: a plan made from yesterday's statistics would read all that are due again for each part.
SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE
    v_users    uuid[];
    v_user     uuid;
    v_refilled integer;
    v_freed    integer := 0;
BEGIN
    FOR v_user IN
        SELECT user_id FROM user_plans WHERE status = 'canceled' AND paid_until <= p_now AND (p_users IS NULL OR user_id = ANY (p_users)) ORDER BY user_id
    LOOP
        PERFORM FROM user_credits WHERE user_id = v_user FOR NO KEY UPDATE;
        -- Read again under the lock: whoever paid meanwhile has not lapsed.
        IF (SELECT return_to_free(user_id, p_now) FROM user_plans WHERE user_id = v_user AND status = 'canceled' AND paid_until <= p_now) THEN
            v_freed := v_freed + 1;
        END IF;
    END LOOP;

    -- Accounts are locked first and in one order, as in every other writer; the next statement reads what is due again.
    SELECT array_agg(user_id) INTO v_users
      FROM (SELECT c.user_id FROM user_credits c
             WHERE c.user_id = ANY (coalesce(p_users, ARRAY(SELECT p.user_id FROM user_plans p CROSS JOIN LATERAL refill_window(p, p_now) LIMIT p_limit)))
             ORDER BY c.user_id FOR NO KEY UPDATE) AS locked;

    WITH due AS (
        SELECT locked.user_id, w.*
          FROM (SELECT p.user_id, p AS plan FROM user_plans p WHERE p.user_id = ANY (v_users) OFFSET 0) AS locked
         CROSS JOIN LATERAL refill_window(locked.plan, p_now) AS w
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
    RETURN v_refilled + v_freed;
END $$;
