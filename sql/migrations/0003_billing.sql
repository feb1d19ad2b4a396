-- Stripe's side of an account, mirrored: who the customer is, what was bought, what was paid, and every event received.
-- Stripe is the truth. A mirror row is written only by a read that began later than the one it holds (read_seq).

CREATE SEQUENCE stripe_read_seq;

CREATE TABLE stripe_customers (
    user_id     uuid PRIMARY KEY,
    customer_id text NOT NULL UNIQUE,
    created_at  timestamptz NOT NULL
);

-- Which of our plans a price buys. A price that is not here is never guessed: its event is parked.
CREATE TABLE stripe_prices (
    price_id         text PRIMARY KEY,
    product_id       text NOT NULL,
    plan_type        text NOT NULL REFERENCES plans,
    billing_interval text NOT NULL CHECK (billing_interval IN ('month', 'year')),
    currency         text NOT NULL,
    unit_amount      integer NOT NULL CHECK (unit_amount > 0),
    active           boolean NOT NULL DEFAULT true,
    created_at       timestamptz NOT NULL
);
CREATE UNIQUE INDEX stripe_prices_offer_idx ON stripe_prices (plan_type, billing_interval) WHERE active;

-- Visits to the payment page; the operation is Stripe's idempotency key, so that a lost answer cannot open a second one.
CREATE TABLE stripe_sessions (
    user_id          uuid NOT NULL,
    operation_id     uuid NOT NULL,
    session_id       text UNIQUE,
    plan_type        text NOT NULL REFERENCES plans,
    billing_interval text NOT NULL CHECK (billing_interval IN ('month', 'year')),
    price_id         text NOT NULL,
    status           text NOT NULL CHECK (status IN ('creating', 'open', 'complete', 'expired', 'replaced')),
    payment_status   text,
    subscription_id  text,
    url              text,
    created_at       timestamptz NOT NULL,
    expires_at       timestamptz NOT NULL,
    completed_at     timestamptz,
    read_seq         bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (user_id, operation_id)
);
CREATE UNIQUE INDEX stripe_sessions_open_idx ON stripe_sessions (user_id) WHERE status IN ('creating', 'open');

CREATE TABLE user_subscriptions (
    user_id              uuid NOT NULL,
    subscription_id      text NOT NULL UNIQUE,
    customer_id          text NOT NULL,
    item_id              text NOT NULL,
    status               text NOT NULL,
    price_id             text NOT NULL,
    plan_type            text NOT NULL,
    billing_interval     text NOT NULL,
    current_period_start timestamptz NOT NULL,
    current_period_end   timestamptz NOT NULL,
    cancel_at_period_end boolean NOT NULL,
    canceled_at          timestamptz,
    ended_at             timestamptz,
    latest_invoice_id    text,
    has_pending_update   boolean NOT NULL,
    card_brand           text,
    card_last4           text,
    card_expiry          text,
    created_at           timestamptz NOT NULL,
    read_seq             bigint NOT NULL,
    PRIMARY KEY (user_id, subscription_id)
);
CREATE UNIQUE INDEX user_subscriptions_live_idx ON user_subscriptions (user_id)
 WHERE status IN ('trialing', 'active', 'past_due', 'unpaid', 'paused');

CREATE TABLE stripe_invoices (
    user_id         uuid NOT NULL,
    invoice_id      text NOT NULL,
    subscription_id text,
    number          text,
    status          text NOT NULL,
    billing_reason  text NOT NULL,
    currency        text NOT NULL,
    total           integer NOT NULL,
    amount_due      integer NOT NULL,
    amount_paid     integer NOT NULL,
    amount_refunded integer NOT NULL DEFAULT 0,
    dispute_status  text,
    attempt_count   integer NOT NULL,
    next_attempt_at timestamptz,
    hosted_url      text,
    pdf_url         text,
    created_at      timestamptz NOT NULL,
    paid_at         timestamptz,
    read_seq        bigint NOT NULL,
    PRIMARY KEY (user_id, invoice_id)
);

-- What the lines of paid invoices give to the plan's bucket: once each, by natural key.
-- A grant that opens a period sets used to 0; one that changes the plan within a period only moves the total.
CREATE TABLE plan_grants (
    user_id          uuid NOT NULL,
    source_ref       text NOT NULL,
    subscription_id  text NOT NULL,
    invoice_id       text NOT NULL,
    plan_type        text NOT NULL REFERENCES plans,
    billing_interval text NOT NULL CHECK (billing_interval IN ('month', 'year')),
    credits          integer NOT NULL CHECK (credits > 0),
    opens_period     boolean NOT NULL,
    starts_at        timestamptz NOT NULL,
    ends_at          timestamptz NOT NULL,
    granted_at       timestamptz,
    clawed_back      integer NOT NULL DEFAULT 0 CHECK (clawed_back >= 0),
    written_off      integer NOT NULL DEFAULT 0 CHECK (written_off >= 0),
    PRIMARY KEY (user_id, source_ref),
    CHECK (clawed_back + written_off <= credits)
);

-- The queue of what Stripe told us. An event says only where to look.
CREATE TABLE stripe_events (
    id              text PRIMARY KEY,
    type            text NOT NULL,
    api_version     text,
    livemode        boolean NOT NULL,
    account         text,
    object_kind     text NOT NULL,
    object_id       text NOT NULL,
    customer_id     text,
    payload         json NOT NULL,
    created_at      timestamptz NOT NULL,
    received_at     timestamptz NOT NULL,
    state           text NOT NULL DEFAULT 'received' CHECK (state IN ('received', 'processing', 'done', 'ignored', 'failed')),
    attempts        integer NOT NULL DEFAULT 0,
    next_attempt_at timestamptz NOT NULL,
    claimed_at      timestamptz,
    finished_at     timestamptz,
    duration_ms     integer,
    user_id         uuid,
    reason          text,
    last_error      text
);
CREATE INDEX stripe_events_queue_idx ON stripe_events (next_attempt_at) WHERE state IN ('received', 'processing');
CREATE INDEX stripe_events_received_idx ON stripe_events (received_at DESC);
CREATE INDEX stripe_events_failed_idx ON stripe_events (customer_id) WHERE state = 'failed';

-- plan_ref names the grant that opened the period in force; paid_until is where the paid time ends; free_left is what was
-- left of the free window when the account left the free plan, so that coming back within it gives nothing twice.
ALTER TABLE user_plans
    ADD COLUMN plan_ref      text,
    ADD COLUMN paid_until    timestamptz,
    ADD COLUMN grace_ends_at timestamptz,
    ADD COLUMN free_left     integer;
CREATE INDEX user_plans_lapsed_idx ON user_plans (paid_until) WHERE status = 'canceled';

GRANT SELECT ON stripe_prices TO authenticated, aurion_service;
ALTER TABLE stripe_prices ENABLE ROW LEVEL SECURITY;
CREATE POLICY everyone ON stripe_prices FOR SELECT USING (true);
CREATE POLICY service ON stripe_prices TO aurion_service USING (true) WITH CHECK (true);
GRANT INSERT, UPDATE ON stripe_prices TO aurion_service;

GRANT SELECT, INSERT, UPDATE ON stripe_events TO aurion_service;
GRANT USAGE ON SEQUENCE stripe_read_seq TO aurion_service;
ALTER TABLE stripe_events ENABLE ROW LEVEL SECURITY;
CREATE POLICY service ON stripe_events TO aurion_service USING (true) WITH CHECK (true);

DO $$
DECLARE v_table text;
BEGIN
    FOREACH v_table IN ARRAY ARRAY['stripe_customers', 'stripe_sessions', 'user_subscriptions', 'stripe_invoices', 'plan_grants'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', v_table);
        EXECUTE format('CREATE POLICY own ON %I FOR SELECT TO authenticated USING (user_id = (SELECT auth.uid()))', v_table);
        EXECUTE format('CREATE POLICY service ON %I TO aurion_service USING (true) WITH CHECK (true)', v_table);
        EXECUTE format('GRANT SELECT ON %I TO authenticated, aurion_service', v_table);
    END LOOP;
END $$;
