-- Takes p_amount credits of an account in burn order, the plan's first, and returns what was drawn of each bucket:
-- {"plan": credits, "grants": {"<grant id>": credits}}. The caller holds the account's lock, knows that they suffice, and writes
-- the movement. p_frozen: also from a plan that is frozen, for what was reserved before.
CREATE OR REPLACE FUNCTION public.draw_credits(p_account user_credits, p_amount integer, p_frozen boolean, p_now timestamptz)
RETURNS jsonb LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    v_plan integer := least(p_amount, CASE WHEN p_account.frozen_at <= p_now AND NOT p_frozen THEN 0 ELSE p_account.total_credits - p_account.used_credits END);
BEGIN
    RETURN jsonb_build_object('plan', v_plan)
        || CASE WHEN v_plan < p_amount THEN jsonb_build_object('grants', draw_grants(p_account.user_id, p_amount - v_plan, p_now)) ELSE '{}' END;
END $$;
