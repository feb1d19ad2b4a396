-- What an account may still spend within its owner's caps at p_now, and when each begins anew; NULL where there is no such cap. Days and
-- months are those of the owner's time zone. What open runs have reserved counts, what was given back does not. Whoever spends
-- holds the account's lock and asks before it takes.
CREATE OR REPLACE FUNCTION public.spending_room(p_account user_credits, p_now timestamptz)
RETURNS TABLE (day_room integer, day_ends_at timestamptz, month_room integer, month_ends_at timestamptz)
LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $$
DECLARE
    v_zone       CONSTANT text := coalesce((SELECT time_zone FROM profiles WHERE id = p_account.user_id), 'UTC');
    v_day        CONSTANT timestamptz := date_trunc('day', p_now, v_zone);
    v_month      CONSTANT timestamptz := date_trunc('month', p_now, v_zone);
    v_since      CONSTANT timestamptz := CASE WHEN p_account.monthly_cap IS NULL THEN v_day ELSE v_month END;
    v_today      integer;
    v_this_month integer;
BEGIN
    -- From the end of the ledger back to the last movement before the period, so that older ones are not read.
    WITH mine AS MATERIALIZED (
        SELECT seq, created_at, credits_used, delta, CASE WHEN delta > 0 THEN (metadata ->> 'refund_of')::bigint END AS refund_of
          FROM usage_logs
         WHERE user_id = p_account.user_id AND created_at >= v_since
           AND seq > coalesce((SELECT seq FROM usage_logs WHERE user_id = p_account.user_id AND created_at < v_since ORDER BY seq DESC LIMIT 1), 0))
    SELECT coalesce(sum(credits_used) FILTER (WHERE created_at >= v_day), 0), coalesce(sum(credits_used), 0) INTO v_today, v_this_month
      FROM mine
     WHERE delta < 0 AND seq NOT IN (SELECT refund_of FROM mine WHERE refund_of IS NOT NULL);

    -- NULL minus anything is NULL: no cap has no room to speak of.
    day_room := p_account.daily_cap - least(p_account.daily_cap, v_today + p_account.held_credits);
    month_room := p_account.monthly_cap - least(p_account.monthly_cap, v_this_month + p_account.held_credits);
    -- A day of a zone has 23 to 25 hours, a month at most 31 days.
    day_ends_at := date_trunc('day', v_day + interval '36 hours', v_zone);
    month_ends_at := date_trunc('month', v_month + interval '32 days', v_zone);
    RETURN NEXT;
END $$;
