-- Removes a passkey and tells the owner. False when the account has none such.
CREATE OR REPLACE FUNCTION public.remove_passkey(p_user_id uuid, p_id uuid, p_now timestamptz)
RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    v_name text;
BEGIN
    DELETE FROM account_passkeys WHERE user_id = p_user_id AND id = p_id RETURNING name INTO v_name;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    INSERT INTO mails (user_id, source_ref, kind, facts, created_at, next_attempt_at)
    VALUES (p_user_id, 'passkey_removed:' || p_id, 'passkey_removed', jsonb_build_object('at', p_now, 'name', v_name), p_now, p_now);
    RETURN true;
END $$;
