-- Switches the second step on, with its first code already taken, and tells the owner. False when it is on.
CREATE OR REPLACE FUNCTION public.enable_second_factor(p_user_id uuid, p_secret text, p_step bigint, p_recovery text[], p_now timestamptz)
RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO account_second_factors (user_id, secret, last_step, enabled_at) VALUES (p_user_id, p_secret, p_step, p_now)
        ON CONFLICT DO NOTHING;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    INSERT INTO account_recovery_codes (user_id, digest) SELECT p_user_id, unnest(p_recovery);
    INSERT INTO mails (user_id, source_ref, kind, facts, created_at, next_attempt_at)
    VALUES (p_user_id, 'second_factor_on:' || extract(epoch FROM p_now), 'second_factor_on', jsonb_build_object('at', p_now), p_now, p_now);
    RETURN true;
END $$;
