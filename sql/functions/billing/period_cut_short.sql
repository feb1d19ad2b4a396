-- The line whose period ends early because a later one begins before its own end: the one in force until now (p_ref) when p_grant
-- opens a new period (p_opens), else the one that p_grant belongs to, of which is heard only now. NULL when none was cut short.
CREATE OR REPLACE FUNCTION public.period_cut_short(p_grant plan_grants, p_ref text, p_opens boolean)
RETURNS plan_grants LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    v_cut plan_grants;
BEGIN
    SELECT g.* INTO v_cut
      FROM plan_lines(p_grant.user_id) l
      JOIN plan_grants g ON g.user_id = p_grant.user_id AND g.source_ref = l.source_ref
     WHERE g.opens_period
       AND (SELECT n.starts_at FROM plan_lines(p_grant.user_id) x JOIN plan_grants n ON n.user_id = p_grant.user_id AND n.source_ref = x.source_ref
             WHERE n.opens_period AND x.period > l.period ORDER BY x.place LIMIT 1) < g.ends_at
       AND CASE WHEN p_opens THEN g.source_ref = p_ref
                ELSE l.period = (SELECT x.period FROM plan_lines(p_grant.user_id) x WHERE x.source_ref = p_grant.source_ref) END;
    RETURN v_cut;
END $$;
