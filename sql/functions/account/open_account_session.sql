-- Opens a session for somebody whose password was just verified against p_password_hash; of a browser that is new to the account its
-- owner is told. False when that hash is no longer the account's, the account is disabled or is to be erased: the lock makes a password
-- change and a sign-in with the old one take turns.
CREATE OR REPLACE FUNCTION public.open_account_session(
    p_user_id uuid, p_password_hash text, p_session_id uuid, p_user_agent text, p_expires_at timestamptz, p_now timestamptz, p_is_new_device boolean)
RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM FROM account_credentials
      WHERE user_id = p_user_id AND password_hash = p_password_hash AND disabled_at IS NULL
        FOR SHARE;
    IF NOT FOUND OR EXISTS (SELECT FROM account_deletions WHERE user_id = p_user_id) THEN
        RETURN false;
    END IF;

    INSERT INTO account_sessions (user_id, id, created_at, expires_at, last_seen_at, user_agent)
    VALUES (p_user_id, p_session_id, p_now, p_expires_at, p_now, p_user_agent);
    IF p_is_new_device THEN
        INSERT INTO mails (user_id, source_ref, kind, facts, created_at, next_attempt_at)
        VALUES (p_user_id, 'new_device:' || p_session_id, 'new_device', jsonb_build_object('at', p_now, 'user_agent', p_user_agent), p_now, p_now);
    END IF;
    RETURN true;
END $$;
