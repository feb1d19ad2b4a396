-- What in a snapshot must stop for an operator, before anything is written; no row when all is well.
CREATE OR REPLACE FUNCTION public.stripe_snapshot_fault(p_snapshot jsonb, p_user_id uuid)
RETURNS TABLE (fault text, what text) LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    RETURN QUERY
    WITH lines AS (
        SELECT invoice ->> 'id' AS invoice, line, gives_plan(line) AS known, p.currency
          FROM jsonb_array_elements(p_snapshot -> 'invoices') AS invoice, jsonb_array_elements(invoice -> 'lines') AS line
          LEFT JOIN stripe_prices p ON p.price_id = line ->> 'price' AND p.plan_type IS NOT NULL
         WHERE invoice ->> 'status' = 'paid' AND invoice ->> 'subscription_id' IS NOT NULL AND (line ->> 'amount')::integer > 0
    ), live AS (
        SELECT s FROM (SELECT p_snapshot -> 'subscription' AS s) AS x
         WHERE s ->> 'status' IN ('trialing', 'active', 'past_due', 'unpaid', 'paused')
    )
    -- Beside a line that is known, or in a subscription to a plan that is, an unknown line is only reported: see stripe_unknown_lines.
    SELECT 'UNKNOWN_PRICE', coalesce(line ->> 'price', 'a line without a price') FROM lines
     WHERE NOT known AND NOT EXISTS (SELECT FROM lines k WHERE k.known AND k.invoice = lines.invoice)
       AND NOT EXISTS (SELECT FROM stripe_prices WHERE price_id = p_snapshot -> 'subscription' ->> 'item_price' AND plan_type IS NOT NULL)
    UNION ALL
    SELECT 'UNKNOWN_PRICE', s ->> 'price' FROM live
     WHERE NOT EXISTS (SELECT FROM stripe_prices WHERE price_id = s ->> 'price' AND plan_type IS NOT NULL)
    UNION ALL
    SELECT 'UNEXPECTED_LINE', line ->> 'id' || ': ' || (line ->> 'quantity') || ' × ' || (line ->> 'currency') FROM lines
     WHERE known AND ((line ->> 'quantity')::integer <> 1 OR line ->> 'currency' <> currency)
    UNION ALL
    -- A period is paid by one line: two plans at once are none that we sell.
    SELECT 'UNEXPECTED_LINE', invoice || ': ' || count(*) || ' plans' FROM lines
     WHERE known AND NOT (line ->> 'proration')::boolean
     GROUP BY invoice HAVING count(*) > 1
    UNION ALL
    SELECT 'SECOND_SUBSCRIPTION', (s ->> 'id') || ' beside ' || o.subscription_id FROM live
      JOIN user_subscriptions o ON o.user_id = p_user_id AND o.subscription_id <> s ->> 'id'
     WHERE o.status IN ('trialing', 'active', 'past_due', 'unpaid', 'paused')
     LIMIT 1;
END $$;
