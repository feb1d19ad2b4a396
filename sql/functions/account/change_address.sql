-- Gives the account whose address has the digest p_from the address p_email, whose owner has just shown that it is theirs. Every
-- session ends, because its token carries the old address, and the old mailbox gets the way back. The outcome is 'changed', 'taken'
-- when somebody else has the address by now, or 'ended' when the account's own is another than p_from.
CREATE OR REPLACE FUNCTION public.change_address(p_user_id uuid, p_from text, p_email text, p_now timestamptz, OUT outcome text, OUT ended uuid[])
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    v_old text;
BEGIN
    SELECT email INTO v_old FROM account_credentials WHERE user_id = p_user_id AND address_digest(email) = p_from FOR UPDATE;
    IF NOT FOUND THEN
        outcome := 'ended';
        RETURN;
    END IF;
    outcome := 'taken';
    IF EXISTS (SELECT FROM profiles WHERE lower(email) = p_email AND id <> p_user_id) THEN
        RETURN;
    END IF;
    BEGIN
        WITH over AS (
            UPDATE account_sessions SET revoked_at = p_now WHERE user_id = p_user_id AND revoked_at IS NULL
            RETURNING id)
        SELECT coalesce(array_agg(id), '{}') INTO change_address.ended FROM over;
        -- Its trigger changes the address everywhere.
        UPDATE auth.users SET email = p_email, updated_at = p_now WHERE id = p_user_id;
        UPDATE account_credentials SET verified_at = p_now WHERE user_id = p_user_id;
    EXCEPTION WHEN unique_violation THEN
        ended := '{}';
        RETURN;
    END;
    INSERT INTO mails (user_id, source_ref, kind, facts, recipient, created_at, next_attempt_at)
    VALUES (p_user_id, 'address_changed:' || extract(epoch FROM p_now), 'address_changed',
            jsonb_build_object('user_id', p_user_id, 'from', address_digest(p_email), 'to', v_old, 'at', p_now), v_old, p_now, p_now);
    outcome := 'changed';
END $$;
