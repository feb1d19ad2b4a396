-- Whether a paid line of a snapshot's invoice gives a plan: its price is a plan's, and it pays for a time. An item that support adds has a
-- period that ends where it starts, unless they say otherwise (https://docs.stripe.com/api/invoiceitems/create#create_invoiceitem-period).
CREATE OR REPLACE FUNCTION public.gives_plan(p_line jsonb)
RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT (p_line ->> 'amount')::integer > 0 AND ((p_line ->> 'period_end')::timestamptz > (p_line ->> 'period_start')::timestamptz) IS TRUE
       AND EXISTS (SELECT FROM public.stripe_prices WHERE price_id = p_line ->> 'price' AND plan_type IS NOT NULL)
$$;
