-- Counts the attempt as take_account_attempt does and queues the mail that proves the address again, unless it is proven.
CREATE OR REPLACE FUNCTION public.ask_address_proof(
    p_user_id uuid, p_subjects text[], p_bursts integer[], p_intervals interval[], p_now timestamptz)
RETURNS timestamptz LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    v_retry_at timestamptz := take_account_attempt(p_subjects, p_bursts, p_intervals, p_now);
BEGIN
    IF v_retry_at IS NULL THEN
        INSERT INTO mails (user_id, source_ref, kind, facts, created_at, next_attempt_at)
        SELECT c.user_id, 'verify_address:' || extract(epoch FROM date_trunc('minute', p_now))::bigint, 'verify_address',
               jsonb_build_object('user_id', c.user_id, 'address', address_digest(c.email)), p_now, p_now
          FROM account_credentials c WHERE c.user_id = p_user_id AND c.verified_at IS NULL
            ON CONFLICT DO NOTHING;
    END IF;
    RETURN v_retry_at;
END $$;
