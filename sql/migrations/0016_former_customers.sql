-- Customers that Stripe no longer has, each replaced at a later purchase: what is still heard of them is their person's.
CREATE TABLE former_stripe_customers (
    customer_id text PRIMARY KEY,
    user_id     uuid NOT NULL,
    replaced_at timestamptz NOT NULL
);
ALTER TABLE former_stripe_customers ENABLE ROW LEVEL SECURITY;

DROP FUNCTION IF EXISTS public.keep_stripe_customer(uuid, text, timestamptz);
