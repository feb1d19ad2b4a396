-- Counts the attempt as take_account_attempt does and queues the mail with the link that cancels, for whoever the address belongs
-- to, with a contract or without. An address that nobody has writes the same buckets and pays the same commit. The key is the
-- minute: whoever presses twice gets one mail. A disabled account may cancel, too: its owner pays.
CREATE OR REPLACE FUNCTION public.ask_cancel_link(
    p_email text, p_subjects text[], p_bursts integer[], p_intervals interval[], p_now timestamptz)
RETURNS timestamptz LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    v_retry_at timestamptz := take_account_attempt(p_subjects, p_bursts, p_intervals, p_now);
BEGIN
    IF v_retry_at IS NULL THEN
        INSERT INTO mails (user_id, source_ref, kind, facts, created_at, next_attempt_at)
        SELECT p.id, 'cancel_link:' || extract(epoch FROM date_trunc('minute', p_now))::bigint, 'cancel_link',
               jsonb_build_object('user_id', p.id, 'operation_id', gen_random_uuid(), 'plan', n.name), p_now, p_now
          FROM profiles p
          LEFT JOIN user_subscriptions s ON s.user_id = p.id AND s.status NOT IN ('incomplete', 'incomplete_expired', 'canceled')
          LEFT JOIN plans n ON n.plan_type = s.plan_type
         WHERE lower(p.email) = p_email
            ON CONFLICT DO NOTHING;
    END IF;
    RETURN v_retry_at;
END $$;
