-- Writes down that an account is to be erased at p_due_at, stops it, and mails its owner the way back. Returns the sessions that
-- ended; NULL when it was written down before.
CREATE OR REPLACE FUNCTION public.schedule_account_deletion(p_user_id uuid, p_id uuid, p_due_at timestamptz, p_now timestamptz)
RETURNS uuid[] LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO account_deletions (user_id, id, requested_at, due_at, next_attempt_at) VALUES (p_user_id, p_id, p_now, p_due_at, p_due_at)
        ON CONFLICT DO NOTHING;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    INSERT INTO mails (user_id, source_ref, kind, facts, created_at, next_attempt_at)
    VALUES (p_user_id, 'deletion_scheduled:' || p_id, 'deletion_scheduled', jsonb_build_object('user_id', p_user_id, 'id', p_id, 'due_at', p_due_at), p_now, p_now);
    RETURN stop_account(p_user_id, p_now);
END $$;
