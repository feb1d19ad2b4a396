-- Writes the closing line of each grant that has expired by p_now, of everybody or of p_users; returns how many. Spending never waits for this: an
-- expired grant is unspendable at its instant, because the spending statement compares with its own p_now.
CREATE OR REPLACE FUNCTION public.sweep_expired_grants(p_now timestamptz DEFAULT now(), p_users uuid[] DEFAULT NULL)
RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    v_due     record;
    v_account user_credits;
    v_left    integer;
    v_key     text;
    v_swept   integer := 0;
BEGIN
    FOR v_due IN
        SELECT user_id, id, source, source_ref FROM credit_grants
         WHERE remaining > 0 AND expires_at <= p_now AND (p_users IS NULL OR user_id = ANY (p_users)) ORDER BY user_id, id
    LOOP
        SELECT * INTO v_account FROM user_credits WHERE user_id = v_due.user_id FOR NO KEY UPDATE;
        SELECT remaining INTO v_left FROM credit_grants WHERE user_id = v_due.user_id AND id = v_due.id FOR NO KEY UPDATE;
        CONTINUE WHEN v_left = 0;
        -- Credits may have come back to a grant that was closed before, and expired a second time.
        SELECT 'expired:' || v_due.id || CASE WHEN count(*) > 0 THEN ':' || count(*) + 1 ELSE '' END INTO v_key
          FROM usage_logs WHERE user_id = v_due.user_id AND starts_with(operation_id, 'expired:' || v_due.id);
        UPDATE credit_grants SET expired = expired + v_left, remaining = 0 WHERE user_id = v_due.user_id AND id = v_due.id;
        PERFORM record_movement(v_due.user_id, v_account.total_credits, v_account.used_credits, v_account.bonus_credits - v_left,
            'credits_expired', 0, v_key, 'system',
            jsonb_build_object('source', v_due.source, 'source_ref', v_due.source_ref), NULL, p_now);
        v_swept := v_swept + 1;
    END LOOP;
    RETURN v_swept;
END $$;
