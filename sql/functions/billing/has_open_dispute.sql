-- Whether a bank is still looking into a payment of the user's (https://docs.stripe.com/api/disputes/object#dispute_object-status).
CREATE OR REPLACE FUNCTION public.has_open_dispute(p_user_id uuid)
RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM purchases x WHERE x.user_id = p_user_id AND (x.amount_disputed > 0 OR x.dispute_status NOT IN ('won', 'lost', 'warning_closed', 'prevented')))
        OR EXISTS (SELECT FROM stripe_invoices i WHERE i.user_id = p_user_id AND (i.amount_disputed > 0 OR i.dispute_status NOT IN ('won', 'lost', 'warning_closed', 'prevented')))
$$;
