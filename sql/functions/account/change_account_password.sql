-- Replaces the password that was just verified and ends every session but p_session_id, the one that asks. Returns the
-- sessions that ended, or NULL when the password was changed by somebody else meanwhile. The owner is told by mail: whoever
-- did not do it can take the account back.
CREATE OR REPLACE FUNCTION public.change_account_password(
    p_user_id uuid, p_old_hash text, p_new_hash text, p_session_id uuid, p_now timestamptz)
RETURNS uuid[] LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    v_ended uuid[];
BEGIN
    UPDATE account_credentials SET password_hash = p_new_hash, password_changed_at = p_now
     WHERE user_id = p_user_id AND password_hash = p_old_hash;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;

    WITH ended AS (
        UPDATE account_sessions SET revoked_at = p_now
         WHERE user_id = p_user_id AND id IS DISTINCT FROM p_session_id AND revoked_at IS NULL
        RETURNING id)
    SELECT coalesce(array_agg(id), '{}') INTO v_ended FROM ended;

    INSERT INTO mails (user_id, source_ref, kind, facts, created_at, next_attempt_at)
    VALUES (p_user_id, 'password_changed:' || encode(sha256(convert_to(p_new_hash, 'UTF8')), 'hex'), 'password_changed',
            jsonb_build_object('at', p_now), p_now, p_now);
    RETURN v_ended;
END $$;
