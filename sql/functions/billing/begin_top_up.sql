-- Takes the user's one place for an automatic top-up, when one is due. The lock makes others wait, and the statement after it
-- sees what they wrote: of many who find the same account low, one begins. It answers the spend that triggered it.
CREATE OR REPLACE FUNCTION public.begin_top_up(p_user_id uuid, p_operation_id uuid, p_now timestamptz)
RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM FROM top_up_settings WHERE user_id = p_user_id FOR NO KEY UPDATE;
    INSERT INTO purchases (user_id, operation_id, kind, pack_id, price_id, credits, amount, status, created_at)
    SELECT d.user_id, p_operation_id, 'top_up', d.pack_id, d.price_id, d.credits, d.unit_amount, 'creating', p_now FROM top_up_due(p_user_id, p_now) d
        ON CONFLICT DO NOTHING;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    UPDATE top_up_settings SET low_at = NULL WHERE user_id = p_user_id;
    RETURN true;
END $$;
