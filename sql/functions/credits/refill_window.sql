-- The window that p_now falls in and its credits, for a plan whose credit window has ended and that no monthly invoice
-- refills; no row for any other, nor for one that is closed or whose credits wait for the proof of its address. An annual plan is refilled for as long as it is paid, less the months whose money went back.
CREATE OR REPLACE FUNCTION public.refill_window(p user_plans, p_now timestamptz)
RETURNS TABLE (credits integer, period_start timestamptz, period_end timestamptz) LANGUAGE sql STABLE AS $$
    SELECT p.credits_monthly, anchored_month(p.current_period_end, p.anchor_day, first), anchored_month(p.current_period_end, p.anchor_day, first + 1)
      FROM (SELECT months - (anchored_month(p.current_period_end, p.anchor_day, months) > p_now)::integer AS first
              FROM (SELECT ((extract(year FROM p_now AT TIME ZONE 'UTC') - extract(year FROM p.current_period_end AT TIME ZONE 'UTC')) * 12
                          + extract(month FROM p_now AT TIME ZONE 'UTC') - extract(month FROM p.current_period_end AT TIME ZONE 'UTC'))::integer AS months
                   ) AS since) AS windows
     WHERE p.current_period_end <= p_now AND NOT p.credits_wait AND p.closed_at IS NULL AND (p.refill_until IS NULL OR p.refill_until > anchored_month(p.current_period_end, p.anchor_day, first))
       AND p.billing_interval IS DISTINCT FROM 'month' AND p.status IN ('active', 'canceled')
       AND (p.paid_until IS NULL
            OR p.paid_until > p.current_period_end AND p.paid_until > anchored_month(p.current_period_end, p.anchor_day, first))
$$;
