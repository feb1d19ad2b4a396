-- Says that the file of an export is whole and how long it is kept, and mails its owner the way there. False when it is not awaited any
-- more: its account is closed, or somebody else has made it.
CREATE OR REPLACE FUNCTION public.finish_account_export(p_user_id uuid, p_id uuid, p_bytes bigint, p_expires_at timestamptz, p_now timestamptz)
RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE account_exports SET ready_at = p_now, expires_at = p_expires_at, bytes = p_bytes
     WHERE user_id = p_user_id AND id = p_id AND ready_at IS NULL;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    INSERT INTO mails (user_id, source_ref, kind, facts, created_at, next_attempt_at)
    VALUES (p_user_id, 'export_ready:' || p_id, 'export_ready', jsonb_build_object('expires_at', p_expires_at), p_now, p_now);
    RETURN true;
END $$;
