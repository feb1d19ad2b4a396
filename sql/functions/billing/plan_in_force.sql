-- The plan that an account's granted invoice lines add up to, whatever the order in which they came: the line that opened
-- the latest period (of two in one second, the one that lasts longer or gives more), and the latest change since. One row;
-- all NULL when nothing was granted.
CREATE OR REPLACE FUNCTION public.plan_in_force(p_user_id uuid)
RETURNS TABLE (plan_ref text, subscription_id text, plan_type text, billing_interval text, credits integer, starts_at timestamptz, ends_at timestamptz)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    WITH lines AS (
        SELECT g.*, l.place, l.period, l.added FROM plan_lines(p_user_id) l JOIN plan_grants g ON g.user_id = p_user_id AND g.source_ref = l.source_ref
    ), latest AS (
        SELECT * FROM lines WHERE period = (SELECT max(period) FROM lines)
    )
    SELECT o.source_ref, g.subscription_id, g.plan_type, g.billing_interval,
           -- what refunds took from any line of this period stays taken
           (SELECT greatest(sum(x.added) - sum(x.clawed_back), 0)::integer FROM latest x),
           coalesce(o.starts_at, g.starts_at), g.ends_at
      FROM latest g LEFT JOIN latest o ON o.opens_period
     ORDER BY g.place DESC
     LIMIT 1;
END $$;
