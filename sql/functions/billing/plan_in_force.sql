-- The plan that an account's granted invoice lines add up to, whatever the order in which they came: the line that opened
-- the latest period (of two in one second, the one that lasts longer), and the latest change since. One row; all NULL when
-- nothing was granted.
CREATE OR REPLACE FUNCTION public.plan_in_force(p_user_id uuid)
RETURNS TABLE (plan_ref text, subscription_id text, plan_type text, billing_interval text, credits integer, starts_at timestamptz, ends_at timestamptz)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    WITH granted AS (
        SELECT * FROM plan_grants WHERE user_id = p_user_id AND granted_at IS NOT NULL
    ), opening AS (
        SELECT * FROM granted WHERE opens_period ORDER BY starts_at DESC, ends_at DESC, source_ref DESC LIMIT 1
    )
    SELECT o.source_ref, g.subscription_id, g.plan_type, g.billing_interval,
           -- what refunds took from any line of this period stays taken
           g.credits - (SELECT sum(x.clawed_back)::integer FROM granted x WHERE x.starts_at >= coalesce(o.starts_at, g.starts_at)),
           coalesce(o.starts_at, g.starts_at), g.ends_at
      FROM granted g LEFT JOIN opening o ON true
     WHERE g.starts_at >= o.starts_at OR o.starts_at IS NULL
     ORDER BY g.starts_at DESC, g.opens_period, g.credits DESC, g.ends_at DESC, g.source_ref DESC
     LIMIT 1;
END $$;
