-- The granted invoice lines of an account in their order, whatever the order in which they came: the number of the period that
-- each belongs to, and the credits that it adds. A line that opens a period adds its plan's credits; a change within a period
-- adds the share of the difference to the plan before it that was paid for.
CREATE OR REPLACE FUNCTION public.plan_lines(p_user_id uuid)
RETURNS TABLE (source_ref text, place bigint, period bigint, added integer)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT g.source_ref, row_number() OVER lines, count(*) FILTER (WHERE g.opens_period) OVER lines,
           CASE WHEN g.opens_period THEN g.credits ELSE trunc((g.credits - coalesce(lag(g.credits) OVER lines, 0)) * g.share)::integer END
      FROM plan_grants g
     WHERE g.user_id = p_user_id AND g.granted_at IS NOT NULL
    WINDOW lines AS (ORDER BY g.starts_at, g.opens_period DESC, g.ends_at, g.credits, g.source_ref ROWS UNBOUNDED PRECEDING);
END $$;
