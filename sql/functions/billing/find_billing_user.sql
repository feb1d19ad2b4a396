-- Whose customer this is, or was. A customer we do not know yet is taken on when Stripe's metadata, which we wrote ourselves, names
-- an account that has no customer; never by e-mail. NULL when nobody is found.
CREATE OR REPLACE FUNCTION public.find_billing_user(p_customer_id text, p_claimed uuid, p_now timestamptz)
RETURNS uuid LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    v_user uuid;
BEGIN
    SELECT user_id INTO v_user FROM stripe_customers WHERE customer_id = p_customer_id
     UNION ALL
    SELECT user_id FROM former_stripe_customers WHERE customer_id = p_customer_id;
    IF v_user IS NULL AND p_customer_id <> '' THEN
        INSERT INTO stripe_customers (user_id, customer_id, created_at)
        SELECT p.id, p_customer_id, p_now FROM profiles p WHERE p.id = p_claimed
            ON CONFLICT DO NOTHING
        RETURNING user_id INTO v_user;
    END IF;
    RETURN v_user;
END $$;
