-- The user's customer at Stripe; the first one kept stays.
CREATE OR REPLACE FUNCTION public.keep_stripe_customer(p_user_id uuid, p_customer_id text, p_now timestamptz)
RETURNS text LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    INSERT INTO stripe_customers (user_id, customer_id, created_at) VALUES (p_user_id, p_customer_id, p_now)
        ON CONFLICT (user_id) DO UPDATE SET user_id = stripe_customers.user_id
    RETURNING customer_id
$$;
