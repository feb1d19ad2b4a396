-- What an administrator gives or takes, with a reason that the account's owner reads. Credits that are given are a grant of
-- their own, which no period takes away; credits are taken in the order in which they would be spent, and never more than
-- there are. Outcomes: ADJUSTED, REPEATED (this operation was done before), OPERATION_MISMATCH (it was, with another body),
-- INSUFFICIENT_CREDITS, ACCOUNT_NOT_FOUND. available: what may be spent afterwards.
CREATE OR REPLACE FUNCTION public.adjust_user_credits(
    p_user_id uuid, p_delta integer, p_reason text, p_by uuid, p_operation_id uuid, p_now timestamptz)
RETURNS TABLE (outcome text, available integer) LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    c_limit   CONSTANT integer := 1000000;
    v_account user_credits;
    v_key     text := 'adjust:' || p_operation_id;
    v_done    usage_logs;
    v_free    integer;
    v_take    integer := 0;
    v_buckets jsonb;
BEGIN
    IF p_delta = 0 OR abs(p_delta) > c_limit OR btrim(p_reason) = '' THEN
        RAISE EXCEPTION 'an adjustment has an amount up to % and a reason', c_limit USING ERRCODE = 'check_violation';
    END IF;
    SELECT * INTO v_account FROM user_credits WHERE user_id = p_user_id FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RETURN QUERY SELECT 'ACCOUNT_NOT_FOUND', 0;
        RETURN;
    END IF;
    v_free := spendable_credits(v_account, p_now);

    SELECT * INTO v_done FROM usage_logs WHERE user_id = p_user_id AND operation_id = v_key;
    IF FOUND THEN
        RETURN QUERY SELECT CASE WHEN v_done.delta = p_delta AND v_done.metadata ->> 'reason' = p_reason THEN 'REPEATED' ELSE 'OPERATION_MISMATCH' END, v_free;
        RETURN;
    ELSIF v_free + p_delta < 0 THEN
        RETURN QUERY SELECT 'INSUFFICIENT_CREDITS', v_free;
        RETURN;
    END IF;

    IF p_delta > 0 THEN
        INSERT INTO credit_grants (user_id, id, source, source_ref, amount, remaining, effective_at)
        VALUES (p_user_id, p_operation_id, 'compensation', v_key, p_delta, p_delta, p_now);
    ELSE
        v_buckets := draw_credits(v_account, -p_delta, false, p_now);
        v_take := (v_buckets ->> 'plan')::integer;
    END IF;
    PERFORM record_movement(p_user_id, v_account.total_credits, v_account.used_credits + v_take, v_account.bonus_credits + p_delta + v_take,
        'manual_adjustment', 0, v_key, 'admin', jsonb_build_object('reason', p_reason, 'by', p_by), v_buckets, p_now);
    RETURN QUERY SELECT 'ADJUSTED', spendable_credits(c, p_now) FROM user_credits c WHERE c.user_id = p_user_id;
END $$;
