-- Stops an account: no sign-in from now on, and every session ends. False when there is no such account.
CREATE OR REPLACE FUNCTION public.disable_account(p_user_id uuid, p_now timestamptz)
RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE account_credentials SET disabled_at = coalesce(disabled_at, p_now) WHERE user_id = p_user_id;
    IF NOT FOUND THEN
        RETURN false;
    END IF;

    UPDATE account_sessions SET revoked_at = p_now WHERE user_id = p_user_id AND revoked_at IS NULL;
    RETURN true;
END $$;
