-- What a banner tells an account's owner of their balance at p_now, as they have chosen: 'out', 'low', 'below' (a figure of their own),
-- 'expiring' (credits that end within a week) or ''. p_available is what spendable_credits gave.
CREATE OR REPLACE FUNCTION public.balance_notice(p_account user_credits, p_available integer, p_now timestamptz)
RETURNS TABLE (notice text, expiring integer, expires_at timestamptz) LANGUAGE plpgsql STABLE ROWS 1 SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE
    v notification_settings;
BEGIN
    SELECT * INTO v FROM notification_settings WHERE user_id = p_account.user_id;
    notice := '';
    IF v.by_banner IS NOT DISTINCT FROM false THEN
        RETURN NEXT;
        RETURN;
    END IF;
    IF p_account.bonus_credits > 0 THEN
        SELECT sum(g.remaining)::integer, min(g.expires_at) INTO expiring, expires_at
          FROM credit_grants g
         WHERE g.user_id = p_account.user_id AND g.remaining > 0 AND g.frozen_at IS NULL AND g.effective_at <= p_now AND g.expires_at > p_now
           AND g.expires_at <= p_now + make_interval(days => least(7, (SELECT max(d) FROM unnest(coalesce(v.expiry_days, '{30,7,1}')) AS d)))
           AND g.expires_at - g.effective_at > interval '7 days';
    END IF;
    notice := CASE WHEN p_available <= 0 AND coalesce(v.at_zero, true) THEN 'out'
                   WHEN p_available * 5::bigint < p_account.total_credits AND p_available > 0 AND coalesce(v.at_fifth, true) THEN 'low'
                   WHEN p_available < v.at_figure AND p_available > 0 THEN 'below'
                   WHEN expiring > 0 THEN 'expiring' ELSE '' END;
    RETURN NEXT;
END $$;
