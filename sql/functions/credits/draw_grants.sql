-- Takes p_amount credits from the user's grants that are spendable at p_now, in burn order (priority, expiry, age), and
-- returns what was taken of each: {"<grant id>": credits}. The caller holds the account's lock and knows they suffice.
CREATE OR REPLACE FUNCTION public.draw_grants(p_user_id uuid, p_amount integer, p_now timestamptz)
RETURNS jsonb LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    v_grant credit_grants;
    v_take  integer;
    v_left  integer := p_amount;
    v_drawn jsonb := '{}';
BEGIN
    FOR v_grant IN
        SELECT * FROM credit_grants
         WHERE user_id = p_user_id AND remaining > 0
           AND (p_now = '-infinity' OR (effective_at <= p_now AND (expires_at IS NULL OR expires_at > p_now) AND frozen_at IS NULL))
         ORDER BY priority, expires_at NULLS LAST, id
    LOOP
        v_take := least(v_left, v_grant.remaining);
        UPDATE credit_grants SET remaining = remaining - v_take WHERE user_id = p_user_id AND id = v_grant.id;
        v_drawn := v_drawn || jsonb_build_object(v_grant.id, v_take);
        v_left := v_left - v_take;
        EXIT WHEN v_left = 0;
    END LOOP;
    IF v_left > 0 THEN
        RAISE EXCEPTION 'grants of % lack % credits', p_user_id, v_left USING ERRCODE = 'check_violation';
    END IF;
    RETURN v_drawn;
END $$;
