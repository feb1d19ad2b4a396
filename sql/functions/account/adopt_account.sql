-- The owner of the address, as a provider has verified it, takes over the account that was opened with it. Whoever opened it may have
-- typed an address of somebody else, so no password and no session of theirs survives; nor does a former subject of the provider.
CREATE OR REPLACE FUNCTION public.adopt_account(p_user_id uuid, p_email text, p_provider text, p_now timestamptz)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE account_credentials SET password_hash = NULL, password_changed_at = NULL WHERE user_id = p_user_id;
    IF NOT FOUND THEN
        -- Made in the database's console: it has a profile and nobody signed in yet.
        INSERT INTO account_credentials (user_id, email, created_at) VALUES (p_user_id, p_email, p_now);
    END IF;
    UPDATE account_sessions SET revoked_at = p_now WHERE user_id = p_user_id AND revoked_at IS NULL;
    DELETE FROM account_identities WHERE user_id = p_user_id AND provider = p_provider;
END $$;
