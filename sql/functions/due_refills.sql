-- The accounts whose credit window has ended and that no monthly invoice refills, each with the window that p_now falls in.
-- An annual plan is refilled for as long as it is paid.
CREATE OR REPLACE FUNCTION public.due_refills(p_now timestamptz)
RETURNS TABLE (user_id uuid, credits integer, period_start timestamptz, period_end timestamptz) LANGUAGE sql STABLE AS $$
    SELECT user_id, credits_monthly, anchored_month(current_period_end, anchor_day, first), anchored_month(current_period_end, anchor_day, first + 1)
      FROM (SELECT late.*, months - (anchored_month(current_period_end, anchor_day, months) > p_now)::integer AS first
              FROM (SELECT p.*, ((extract(year FROM p_now AT TIME ZONE 'UTC') - extract(year FROM current_period_end AT TIME ZONE 'UTC')) * 12
                              + extract(month FROM p_now AT TIME ZONE 'UTC') - extract(month FROM current_period_end AT TIME ZONE 'UTC'))::integer AS months
                      FROM user_plans p
                     WHERE current_period_end <= p_now AND billing_interval IS DISTINCT FROM 'month' AND status IN ('active', 'canceled')
                       AND (paid_until IS NULL OR paid_until > current_period_end)) AS late) AS windows
     WHERE paid_until IS NULL OR anchored_month(current_period_end, anchor_day, first) < paid_until
$$;
