-- Gives back what one spend took, to the buckets it was drawn from, once; returns the credits given back (0 when it
-- was refunded before). What was drawn from a bucket that has ended meanwhile stays spendable 24 hours as a grant of its own.
-- Refuses what is no spend: a claw-back, an adjustment or an expiry has drawn nothing that could go back where it was.
CREATE OR REPLACE FUNCTION public.refund_user_credits(
    p_user_id uuid, p_operation_id text, p_reason text, p_now timestamptz DEFAULT now())
RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    v_account user_credits;
    v_spent   usage_logs;
    v_key     text := 'refund:' || p_operation_id;
    v_plan    integer;
    v_grant   record;
    v_late    integer := 0;
BEGIN
    SELECT * INTO STRICT v_account FROM user_credits WHERE user_id = p_user_id FOR NO KEY UPDATE;
    SELECT * INTO v_spent FROM usage_logs WHERE user_id = p_user_id AND operation_id = p_operation_id AND delta < 0;
    IF FOUND AND (v_spent.credits_used <> -v_spent.delta OR v_spent.buckets IS NULL) THEN
        RAISE EXCEPTION 'operation % of user % is no spend', p_operation_id, p_user_id USING ERRCODE = 'check_violation';
    END IF;
    IF v_spent.seq IS NULL OR EXISTS (SELECT FROM usage_logs WHERE user_id = p_user_id AND operation_id = v_key) THEN
        RETURN 0;
    END IF;

    v_plan := coalesce((v_spent.buckets ->> 'plan')::integer, 0);
    IF v_account.last_reset_date > v_spent.created_at OR v_plan > v_account.used_credits THEN
        v_late := v_plan;
        v_plan := 0;
    END IF;
    FOR v_grant IN
        SELECT g.id, g.expires_at, d.value::integer AS drawn
          FROM jsonb_each_text(coalesce(v_spent.buckets -> 'grants', '{}')) AS d
          JOIN credit_grants g ON g.user_id = p_user_id AND g.id = d.key::uuid
         ORDER BY g.id
    LOOP
        IF v_grant.expires_at <= p_now THEN
            v_late := v_late + v_grant.drawn;
        ELSE
            UPDATE credit_grants SET remaining = remaining + v_grant.drawn WHERE user_id = p_user_id AND id = v_grant.id;
        END IF;
    END LOOP;
    IF v_late > 0 THEN
        INSERT INTO credit_grants (user_id, id, source, source_ref, amount, remaining, effective_at, expires_at)
        VALUES (p_user_id, gen_random_uuid(), 'refund', p_operation_id, v_late, v_late, p_now, p_now + interval '24 hours');
    END IF;

    UPDATE tool_sessions SET ended_at = p_now
     WHERE user_id = p_user_id AND id = v_spent.session_id AND ended_at IS NULL;
    PERFORM record_movement(p_user_id, v_account.total_credits, v_account.used_credits - v_plan,
        v_account.bonus_credits + v_spent.credits_used - v_plan, 'credit_refund', 0, v_key, 'system',
        jsonb_build_object('refund_of', v_spent.seq, 'reason', p_reason), NULL, p_now);
    RETURN v_spent.credits_used;
END $$;
