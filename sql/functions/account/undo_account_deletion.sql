-- Keeps an account that was to be erased. False when this deletion is not waiting any more: it was undone before, or erasing has begun.
CREATE OR REPLACE FUNCTION public.undo_account_deletion(p_user_id uuid, p_id uuid, p_now timestamptz)
RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    DELETE FROM account_deletions WHERE user_id = p_user_id AND id = p_id AND state = 'scheduled';
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    INSERT INTO mails (user_id, source_ref, kind, facts, created_at, next_attempt_at)
    VALUES (p_user_id, 'deletion_undone:' || p_id, 'deletion_undone', '{}', p_now, p_now);
    RETURN true;
END $$;
