-- Counts the attempt as take_account_attempt does and queues the mail that leads to a new password. An address without an
-- account locks and writes the same buckets and pays the same commit, so that nobody can tell the two apart by the time it
-- takes. The key is the minute: whoever presses twice gets one mail.
CREATE OR REPLACE FUNCTION public.ask_password_reset(
    p_email text, p_subjects text[], p_bursts integer[], p_intervals interval[], p_now timestamptz)
RETURNS timestamptz LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    v_retry_at timestamptz := take_account_attempt(p_subjects, p_bursts, p_intervals, p_now);
BEGIN
    IF v_retry_at IS NULL THEN
        INSERT INTO mails (user_id, source_ref, kind, facts, created_at, next_attempt_at)
        SELECT c.user_id, 'password_reset:' || extract(epoch FROM date_trunc('minute', p_now))::bigint, 'password_reset',
               jsonb_build_object('user_id', c.user_id, 'password', encode(sha256(convert_to(c.password_hash, 'UTF8')), 'hex')), p_now, p_now
          FROM account_credentials c
         WHERE c.email = p_email AND c.disabled_at IS NULL AND c.password_hash IS NOT NULL
            ON CONFLICT DO NOTHING;
    END IF;
    RETURN v_retry_at;
END $$;
