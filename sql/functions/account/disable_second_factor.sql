-- Switches the second step off and tells the owner. False when it was off.
CREATE OR REPLACE FUNCTION public.disable_second_factor(p_user_id uuid, p_now timestamptz)
RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    DELETE FROM account_second_factors WHERE user_id = p_user_id;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    DELETE FROM account_recovery_codes WHERE user_id = p_user_id;
    INSERT INTO mails (user_id, source_ref, kind, facts, created_at, next_attempt_at)
    VALUES (p_user_id, 'second_factor_off:' || extract(epoch FROM p_now), 'second_factor_off', jsonb_build_object('at', p_now), p_now, p_now);
    RETURN true;
END $$;
