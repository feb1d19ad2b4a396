-- Credit packs: bought once, by payment page or by automatic top-up, kept in credit_grants, never reset by a refill.

-- Dearer by the credit than any plan: a pack is for the month in which the plan was not enough.
CREATE TABLE packs (
    pack_id     text PRIMARY KEY,
    name        text NOT NULL,
    credits     integer NOT NULL CHECK (credits > 0),
    price_cents integer NOT NULL CHECK (price_cents > 0),
    sort        smallint NOT NULL UNIQUE
);

INSERT INTO packs (pack_id, name, credits, price_cents, sort) VALUES
    ('small',  'Small',   300,  400, 1),
    ('medium', 'Medium', 1000, 1200, 2),
    ('large',  'Large',  5000, 5000, 3);

-- Which pack a price buys. A price that is not here is never guessed: its event is parked.
CREATE TABLE stripe_pack_prices (
    price_id    text PRIMARY KEY,
    product_id  text NOT NULL,
    pack_id     text NOT NULL REFERENCES packs,
    currency    text NOT NULL,
    unit_amount integer NOT NULL CHECK (unit_amount > 0),
    active      boolean NOT NULL DEFAULT true,
    created_at  timestamptz NOT NULL
);
CREATE UNIQUE INDEX stripe_pack_prices_offer_idx ON stripe_pack_prices (pack_id) WHERE active;

-- One payment for a pack. The operation is Stripe's idempotency key and stands in Stripe's metadata, so that an answer that
-- was lost is found again. amount_paid is what the card paid; what is not granted yet has no granted_at.
CREATE TABLE pack_purchases (
    user_id           uuid NOT NULL,
    operation_id      uuid NOT NULL,
    kind              text NOT NULL CHECK (kind IN ('checkout', 'top_up')),
    pack_id           text NOT NULL REFERENCES packs,
    price_id          text NOT NULL,
    credits           integer NOT NULL CHECK (credits > 0),
    amount            integer NOT NULL CHECK (amount >= 0),
    status            text NOT NULL CHECK (status IN ('creating', 'open', 'complete', 'expired', 'failed')),
    payment_status    text,
    session_id        text UNIQUE,
    payment_intent_id text UNIQUE,
    payment_method_id text,
    keep_card         boolean NOT NULL DEFAULT false,
    url               text,
    amount_paid       integer NOT NULL DEFAULT 0 CHECK (amount_paid >= 0),
    amount_refunded   integer NOT NULL DEFAULT 0 CHECK (amount_refunded >= 0),
    dispute_status    text,
    written_off       integer NOT NULL DEFAULT 0 CHECK (written_off >= 0),
    created_at        timestamptz NOT NULL,
    expires_at        timestamptz,
    attempted_at      timestamptz,
    granted_at        timestamptz,
    read_seq          bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (user_id, operation_id)
);
CREATE UNIQUE INDEX pack_purchases_page_idx ON pack_purchases (user_id, pack_id) WHERE kind = 'checkout' AND status IN ('creating', 'open');
CREATE UNIQUE INDEX pack_purchases_top_up_idx ON pack_purchases (user_id) WHERE kind = 'top_up' AND status IN ('creating', 'open');

-- What a person allows: below threshold credits buy this pack, for at most so much money a calendar month (UTC).
-- paused_at: stopped by us, with the reason, until the person saves the settings again.
CREATE TABLE top_up_settings (
    user_id           uuid PRIMARY KEY,
    enabled           boolean NOT NULL,
    threshold         integer NOT NULL CHECK (threshold > 0),
    pack_id           text NOT NULL REFERENCES packs,
    monthly_cap_cents integer NOT NULL CHECK (monthly_cap_cents > 0),
    card_brand        text,
    card_last4        text,
    paused_at         timestamptz,
    paused_reason     text,
    created_at        timestamptz NOT NULL,
    updated_at        timestamptz NOT NULL
);
CREATE INDEX top_up_settings_enabled_idx ON top_up_settings (user_id) WHERE enabled AND paused_at IS NULL;

GRANT SELECT ON packs TO anon, authenticated, aurion_service;
ALTER TABLE packs ENABLE ROW LEVEL SECURITY;
CREATE POLICY everyone ON packs FOR SELECT USING (true);

GRANT SELECT ON stripe_pack_prices TO authenticated, aurion_service;
GRANT INSERT, UPDATE ON stripe_pack_prices TO aurion_service;
ALTER TABLE stripe_pack_prices ENABLE ROW LEVEL SECURITY;
CREATE POLICY everyone ON stripe_pack_prices FOR SELECT USING (true);
CREATE POLICY service ON stripe_pack_prices TO aurion_service USING (true) WITH CHECK (true);

DO $$
DECLARE v_table text;
BEGIN
    FOREACH v_table IN ARRAY ARRAY['pack_purchases', 'top_up_settings'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', v_table);
        EXECUTE format('CREATE POLICY own ON %I FOR SELECT TO authenticated USING (user_id = (SELECT auth.uid()))', v_table);
        EXECUTE format('CREATE POLICY service ON %I TO aurion_service USING (true) WITH CHECK (true)', v_table);
        EXECUTE format('GRANT SELECT ON %I TO authenticated, aurion_service', v_table);
    END LOOP;
END $$;
