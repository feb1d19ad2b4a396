-- A plan and a pack are bought through the same payment pages: one table of purchases and one of prices, whatever is sold.

-- Which offer a price buys: a plan by the month or the year, or a pack once.
ALTER TABLE stripe_prices ALTER plan_type DROP NOT NULL, ALTER billing_interval DROP NOT NULL, ADD COLUMN pack_id text REFERENCES packs;
ALTER TABLE stripe_prices ADD CONSTRAINT stripe_prices_offer_check CHECK ((plan_type IS NULL) = (billing_interval IS NULL) AND num_nonnulls(plan_type, pack_id) = 1);
INSERT INTO stripe_prices (price_id, product_id, pack_id, currency, unit_amount, active, created_at)
SELECT price_id, product_id, pack_id, currency, unit_amount, active, created_at FROM stripe_pack_prices;
CREATE UNIQUE INDEX stripe_prices_pack_idx ON stripe_prices (pack_id) WHERE active;
DROP TABLE stripe_pack_prices;

-- One attempt to buy an offer: on a payment page (plan, pack) or off session (top_up). The operation is in Stripe's idempotency key
-- and metadata, so that a lost answer is found again. closing: replaced by another page, and not known to be closed at Stripe yet.
-- credits and amount are what was offered; amount_paid is what the card paid for a pack, and a plan's payments are its invoices.
ALTER TABLE pack_purchases RENAME TO purchases;
ALTER TABLE purchases RENAME CONSTRAINT pack_purchases_pkey TO purchases_pkey;
ALTER TABLE purchases RENAME CONSTRAINT pack_purchases_session_id_key TO purchases_session_id_key;
ALTER TABLE purchases RENAME CONSTRAINT pack_purchases_payment_intent_id_key TO purchases_payment_intent_id_key;
ALTER TABLE purchases DROP CONSTRAINT pack_purchases_kind_check, DROP CONSTRAINT pack_purchases_status_check;
DROP INDEX pack_purchases_page_idx;
DROP INDEX pack_purchases_top_up_idx;
ALTER TABLE purchases ALTER pack_id DROP NOT NULL,
    ADD COLUMN plan_type text REFERENCES plans,
    ADD COLUMN billing_interval text CHECK (billing_interval IN ('month', 'year')),
    ADD COLUMN subscription_id text,
    ADD COLUMN completed_at timestamptz;
UPDATE purchases SET kind = 'pack' WHERE kind = 'checkout';
INSERT INTO purchases (user_id, operation_id, kind, plan_type, billing_interval, price_id, credits, amount, status, payment_status,
                       session_id, subscription_id, url, created_at, expires_at, completed_at, read_seq)
SELECT s.user_id, s.operation_id, 'plan', s.plan_type, s.billing_interval, s.price_id, p.credits_monthly,
       CASE s.billing_interval WHEN 'year' THEN p.annual_price_cents ELSE p.monthly_price_cents END,
       -- Whether Stripe closed a page that was replaced was not kept: those that could still be paid are asked about.
       CASE WHEN s.status = 'replaced' AND s.session_id IS NOT NULL AND s.expires_at > now() THEN 'closing' ELSE s.status END,
       s.payment_status, s.session_id, s.subscription_id, s.url, s.created_at, s.expires_at, s.completed_at, s.read_seq
  FROM stripe_sessions s JOIN plans p USING (plan_type);
ALTER TABLE purchases
    ADD CONSTRAINT purchases_kind_check CHECK (kind IN ('plan', 'pack', 'top_up')),
    ADD CONSTRAINT purchases_status_check CHECK (status IN ('creating', 'open', 'complete', 'expired', 'closing', 'replaced', 'failed')),
    ADD CONSTRAINT purchases_offer_check CHECK (num_nonnulls(plan_type, pack_id) = 1 AND (kind = 'plan') = (plan_type IS NOT NULL) AND (plan_type IS NULL) = (billing_interval IS NULL));
CREATE UNIQUE INDEX purchases_plan_idx ON purchases (user_id) WHERE kind = 'plan' AND status IN ('creating', 'open');
CREATE UNIQUE INDEX purchases_pack_idx ON purchases (user_id, pack_id) WHERE kind = 'pack' AND status IN ('creating', 'open');
CREATE UNIQUE INDEX purchases_top_up_idx ON purchases (user_id) WHERE kind = 'top_up' AND status IN ('creating', 'open');
CREATE INDEX purchases_closing_idx ON purchases (created_at) WHERE status = 'closing';

-- The guide's name for the payment pages of plans.
DROP TABLE stripe_sessions;
CREATE VIEW stripe_sessions WITH (security_invoker = true) AS
SELECT user_id, operation_id, session_id, plan_type, billing_interval, price_id, status, payment_status, subscription_id, url, created_at, expires_at, completed_at
  FROM purchases WHERE kind = 'plan';
GRANT SELECT ON stripe_sessions TO authenticated, aurion_service;

DROP FUNCTION IF EXISTS public.begin_checkout(uuid, text, text, uuid, timestamptz);
DROP FUNCTION IF EXISTS public.begin_pack_checkout(uuid, text, boolean, uuid, timestamptz);
DROP FUNCTION IF EXISTS public.open_checkout(uuid, uuid, text, text, timestamptz);
DROP FUNCTION IF EXISTS public.open_pack_checkout(uuid, uuid, text, text, timestamptz);
DROP FUNCTION IF EXISTS public.offer_stripe_price(text, text, text, text, text, integer, timestamptz);
DROP FUNCTION IF EXISTS public.offer_pack_price(text, text, text, text, integer, timestamptz);
