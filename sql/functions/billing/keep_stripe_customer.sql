-- The user's customer at Stripe: the first one kept stays, until it is the one that Stripe no longer has (p_replaced).
CREATE OR REPLACE FUNCTION public.keep_stripe_customer(p_user_id uuid, p_customer_id text, p_replaced text, p_now timestamptz)
RETURNS text LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    INSERT INTO former_stripe_customers (customer_id, user_id, replaced_at)
    SELECT customer_id, user_id, p_now FROM stripe_customers WHERE user_id = p_user_id AND customer_id = p_replaced
        ON CONFLICT DO NOTHING;
    -- Its cards went with it.
    UPDATE top_up_settings SET card_brand = NULL, card_last4 = NULL, updated_at = p_now
     WHERE user_id = p_user_id AND EXISTS (SELECT FROM stripe_customers WHERE user_id = p_user_id AND customer_id = p_replaced);
    UPDATE stripe_customers SET customer_id = p_customer_id WHERE user_id = p_user_id AND customer_id = p_replaced;
    -- Of the same row twice at once, naming one of the two unique indexes would let the other refuse the second.
    INSERT INTO stripe_customers (user_id, customer_id, created_at) VALUES (p_user_id, p_customer_id, p_now)
        ON CONFLICT DO NOTHING;
    SELECT customer_id FROM stripe_customers WHERE user_id = p_user_id;
$$;
