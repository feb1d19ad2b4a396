-- Queues a mail to everybody whose credits expire within 30, 7 or 1 days, as they have chosen: one for each day of expiry and each of
-- these terms, and none for credits that never had a longer life. Returns how many were queued.
CREATE OR REPLACE FUNCTION public.warn_of_expiry(p_now timestamptz)
RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    v_mails integer;
BEGIN
    INSERT INTO mails (user_id, source_ref, kind, facts, created_at, next_attempt_at)
    SELECT g.user_id, 'credits_expiring:' || (g.expires_at AT TIME ZONE 'UTC')::date || ':' || term.days, 'credits_expiring',
           jsonb_build_object('user_id', g.user_id, 'credits', sum(g.remaining), 'expires_at', min(g.expires_at)), p_now, p_now
      FROM credit_grants g
      JOIN (VALUES (30, 7), (7, 1), (1, 0)) AS term (days, next)
        ON g.expires_at > p_now + make_interval(days => term.next) AND g.expires_at <= p_now + make_interval(days => term.days)
      JOIN user_plans p ON p.user_id = g.user_id AND p.closed_at IS NULL
      LEFT JOIN notification_settings s ON s.user_id = g.user_id
     WHERE g.remaining > 0 AND g.frozen_at IS NULL AND g.effective_at <= p_now
       AND g.expires_at > p_now AND g.expires_at <= p_now + interval '30 days'
       AND g.expires_at - g.effective_at > make_interval(days => term.days)
       AND coalesce(s.by_mail, true) AND term.days = ANY (coalesce(s.expiry_days, '{30,7,1}'))
     GROUP BY g.user_id, term.days, (g.expires_at AT TIME ZONE 'UTC')::date
        ON CONFLICT DO NOTHING;
    GET DIAGNOSTICS v_mails = ROW_COUNT;
    RETURN v_mails;
END $$;
