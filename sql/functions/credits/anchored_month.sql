-- The instant p_months after p_start on the anchor day, or on the month's last day where it has no such day (UTC).
CREATE OR REPLACE FUNCTION public.anchored_month(p_start timestamptz, p_anchor_day integer, p_months integer)
RETURNS timestamptz LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT (month + make_interval(days => least(p_anchor_day, extract(day FROM month + interval '1 month - 1 day')::integer) - 1)
                  + (local - date_trunc('day', local))) AT TIME ZONE 'UTC'
      FROM (SELECT local, date_trunc('month', local) + make_interval(months => p_months) AS month
              FROM (SELECT p_start AT TIME ZONE 'UTC' AS local) AS s) AS m
$$;
