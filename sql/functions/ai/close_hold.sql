-- Closes a run once: charges what was delivered, at most the ceiling, and releases the rest; one ledger row. Nothing delivered
-- (no unit, no token): nothing is charged, and the row says so. What the account no longer has, or what was used beyond the
-- ceiling, is the operator's loss and is counted. p_reason: why it ended otherwise than complete.
-- Outcomes: SETTLED, RELEASED, CLOSED (it was closed before: the same figures again), HOLD_NOT_FOUND.
CREATE OR REPLACE FUNCTION public.close_hold(
    p_user_id uuid, p_id uuid, p_units integer, p_prompt_tokens integer, p_completion_tokens integer, p_cost_microusd bigint,
    p_generation_id text, p_reason text, p_now timestamptz DEFAULT now())
RETURNS TABLE (outcome text, credits integer, seq bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE
    v_account user_credits;
    v_funds   user_credits;
    v_hold    credit_holds;
    v_price   integer := 0;
    v_charged integer := 0;
    v_buckets jsonb;
    v_plan    integer;
BEGIN
    SELECT * INTO v_account FROM user_credits WHERE user_id = p_user_id FOR NO KEY UPDATE;
    SELECT * INTO v_hold FROM credit_holds WHERE user_id = p_user_id AND id = p_id;
    IF v_hold.id IS NULL THEN
        RETURN QUERY SELECT 'HOLD_NOT_FOUND', 0, NULL::bigint;
        RETURN;
    ELSIF v_hold.state <> 'open' THEN
        RETURN QUERY SELECT 'CLOSED', v_hold.credits, l.seq FROM usage_logs l WHERE l.user_id = p_user_id AND l.operation_id = 'hold:' || p_id;
        RETURN;
    END IF;

    IF p_units > 0 THEN
        v_price := run_price(v_hold.tool_id, v_hold.model_id, v_hold.price_version, least(p_units, v_hold.units), p_prompt_tokens, p_completion_tokens);
        -- What was reserved is spendable for its own run: neither the hold itself nor a freeze that came later takes it away.
        v_funds := v_account;
        v_funds.held_credits := 0;
        v_funds.frozen_at := NULL;
        v_charged := least(v_price, v_hold.ceiling, spendable_credits(v_funds, p_now));
    END IF;
    v_buckets := draw_credits(v_account, v_charged, true, p_now);
    v_plan := (v_buckets ->> 'plan')::integer;

    UPDATE user_credits SET held_credits = held_credits - v_hold.ceiling WHERE user_id = p_user_id;
    seq := record_movement(p_user_id, v_account.total_credits, v_account.used_credits + v_plan, v_account.bonus_credits - (v_charged - v_plan),
        'use_tool_' || v_hold.tool_id, v_charged, 'hold:' || p_id, 'user',
        jsonb_strip_nulls(jsonb_build_object('tool_id', v_hold.tool_id, 'action', 'use', 'run', p_id, 'model', v_hold.model_id, 'reason', p_reason)),
        v_buckets, p_now);
    UPDATE credit_holds
       SET state = CASE WHEN p_units > 0 THEN 'settled' ELSE 'released' END, closed_at = p_now, credits = v_charged, lost_credits = v_price - v_charged,
           reason = p_reason, prompt_tokens = p_prompt_tokens, completion_tokens = p_completion_tokens, cost_microusd = p_cost_microusd,
           generation_id = p_generation_id
     WHERE user_id = p_user_id AND id = p_id;
    outcome := CASE WHEN p_units > 0 THEN 'SETTLED' ELSE 'RELEASED' END;
    credits := v_charged;
    RETURN NEXT;
END $$;
