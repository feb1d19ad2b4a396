-- The owner of the address, as a provider has verified it, takes over the account that was opened with it. Where the address was not
-- proven, whoever opened the account may have typed somebody else's: no password, passkey, second step or session of theirs survives. No former
-- subject of the provider does either.
CREATE OR REPLACE FUNCTION public.adopt_account(p_user_id uuid, p_email text, p_provider text, p_now timestamptz)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    -- Made in the database's console: it has a profile and nobody signed in yet.
    INSERT INTO account_credentials (user_id, email, created_at) VALUES (p_user_id, p_email, p_now) ON CONFLICT (user_id) DO NOTHING;
    IF NOT EXISTS (SELECT FROM account_credentials WHERE user_id = p_user_id AND email = p_email AND verified_at IS NOT NULL) THEN
        UPDATE account_credentials SET password_hash = NULL, password_changed_at = NULL WHERE user_id = p_user_id;
        UPDATE account_sessions SET revoked_at = p_now WHERE user_id = p_user_id AND revoked_at IS NULL;
        DELETE FROM account_second_factors WHERE user_id = p_user_id;
        DELETE FROM account_recovery_codes WHERE user_id = p_user_id;
        DELETE FROM account_passkeys WHERE user_id = p_user_id;
        PERFORM verify_address(p_user_id, address_digest(p_email), p_now);
    END IF;
    DELETE FROM account_identities WHERE user_id = p_user_id AND provider = p_provider;
END $$;
