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

    PERFORM add_account_session(p_user_id, p_session_id, p_user_agent, p_expires_at, p_is_new_device, p_now);
    RETURN true;
END $$;
