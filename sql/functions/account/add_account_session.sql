-- The row of a session whose owner has shown all that is asked for; of a browser that is new to the account the owner is told.
CREATE OR REPLACE FUNCTION public.add_account_session(
    p_user_id uuid, p_session_id uuid, p_user_agent text, p_expires_at timestamptz, p_is_new_device boolean, p_now timestamptz)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO account_sessions (user_id, id, created_at, expires_at, last_seen_at, user_agent)
    VALUES (p_user_id, p_session_id, p_now, p_expires_at, p_now, p_user_agent);
    IF p_is_new_device THEN
        INSERT INTO mails (user_id, source_ref, kind, facts, created_at, next_attempt_at)
        VALUES (p_user_id, 'new_device:' || p_session_id, 'new_device', jsonb_build_object('at', p_now, 'user_agent', p_user_agent), p_now, p_now);
    END IF;
END $$;
