-- Opens a session for somebody whose passkey has just signed. An outcome other than 'signed_in' opens nothing:
--   'counter'  the passkey's counter has not risen, as that of a copy does not (WebAuthn, 7.2, step 22)
--   'leaving'  the account is to be erased, which its owner may undo first
--   'refused'  the passkey is gone, the account disabled, or its address another by now
CREATE OR REPLACE FUNCTION public.open_passkey_session(
    p_user_id uuid, p_passkey_id uuid, p_email text, p_sign_count bigint, p_backed_up boolean,
    p_session_id uuid, p_user_agent text, p_expires_at timestamptz, p_is_new_device boolean, p_now timestamptz)
RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    -- Locked, so that a sign-in and an administrator who disables, or a change of the address, take turns.
    PERFORM FROM account_credentials WHERE user_id = p_user_id AND email = p_email AND disabled_at IS NULL FOR SHARE;
    IF NOT FOUND THEN
        RETURN 'refused';
    END IF;
    UPDATE account_passkeys SET sign_count = p_sign_count, backed_up = p_backed_up, last_used_at = p_now
     WHERE user_id = p_user_id AND id = p_passkey_id AND (sign_count < p_sign_count OR (sign_count = 0 AND p_sign_count = 0));
    IF NOT FOUND THEN
        RETURN CASE WHEN EXISTS (SELECT FROM account_passkeys WHERE user_id = p_user_id AND id = p_passkey_id) THEN 'counter' ELSE 'refused' END;
    END IF;
    IF EXISTS (SELECT FROM account_deletions WHERE user_id = p_user_id) THEN
        RETURN 'leaving';
    END IF;
    PERFORM add_account_session(p_user_id, p_session_id, p_user_agent, p_expires_at, p_is_new_device, p_now);
    RETURN 'signed_in';
END $$;
