-- Stops an account: no sign-in from now on, and every session ends. Returns those, or NULL when there is no such account.
CREATE OR REPLACE FUNCTION public.disable_account(p_user_id uuid, p_now timestamptz)
RETURNS uuid[] LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    v_ended uuid[];
BEGIN
    UPDATE account_credentials SET disabled_at = coalesce(disabled_at, p_now) WHERE user_id = p_user_id;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;

    WITH ended AS (
        UPDATE account_sessions SET revoked_at = p_now WHERE user_id = p_user_id AND revoked_at IS NULL
        RETURNING id)
    SELECT coalesce(array_agg(id), '{}') INTO v_ended FROM ended;
    RETURN v_ended;
END $$;
