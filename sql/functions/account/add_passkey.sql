-- Adds a passkey to an account that has a password, and tells the owner. The outcome is 'added', 'known' when the device's credential is
-- somebody's already, or 'full' when the account has p_most.
CREATE OR REPLACE FUNCTION public.add_passkey(
    p_user_id uuid, p_id uuid, p_credential_id bytea, p_public_key bytea, p_sign_count bigint, p_backed_up boolean, p_name text, p_most integer, p_now timestamptz)
RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    -- Locked, so that several that are added at once are counted one after the other.
    PERFORM FROM account_credentials WHERE user_id = p_user_id AND password_hash IS NOT NULL FOR NO KEY UPDATE;
    IF NOT FOUND OR (SELECT count(*) FROM account_passkeys WHERE user_id = p_user_id) >= p_most THEN
        RETURN 'full';
    END IF;
    INSERT INTO account_passkeys (user_id, id, credential_id, public_key, sign_count, backed_up, name, created_at)
    VALUES (p_user_id, p_id, p_credential_id, p_public_key, p_sign_count, p_backed_up, p_name, p_now)
        ON CONFLICT (credential_id) DO NOTHING;
    IF NOT FOUND THEN
        RETURN 'known';
    END IF;
    INSERT INTO mails (user_id, source_ref, kind, facts, created_at, next_attempt_at)
    VALUES (p_user_id, 'passkey_added:' || p_id, 'passkey_added', jsonb_build_object('at', p_now, 'name', p_name), p_now, p_now);
    RETURN 'added';
END $$;
