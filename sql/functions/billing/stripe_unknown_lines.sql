-- What was paid in a snapshot's subscription invoices and gives nothing, because no price of ours is behind it or it pays for no
-- time: a fee that support added, for instance. The known lines are given all the same, and an operator is told of these. NULL when there are none.
CREATE OR REPLACE FUNCTION public.stripe_unknown_lines(p_snapshot jsonb)
RETURNS text LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    RETURN (
        SELECT 'UNKNOWN_LINE: ' || string_agg(format('%s, %s %s, gives nothing', line ->> 'id', ((line ->> 'amount')::numeric / 100)::numeric(12, 2), line ->> 'currency'), '; ')
          FROM jsonb_array_elements(p_snapshot -> 'invoices') AS invoice, jsonb_array_elements(invoice -> 'lines') AS line
         WHERE invoice ->> 'status' = 'paid' AND invoice ->> 'subscription_id' IS NOT NULL AND (line ->> 'amount')::integer > 0
           AND NOT gives_plan(line));
END $$;
