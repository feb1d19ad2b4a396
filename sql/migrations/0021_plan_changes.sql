-- What a person wants of their subscription, written before the first call to Stripe: the wanted end state, and what was
-- promised in money and credits. A job brings Stripe there and may be stopped after any call.
-- upgrade: a new period begins today and is paid in full; downgrade: when the paid time ends; cancel, resume.
-- waiting: not known to be done; confirming: the bank waits for the person. charge_attempted_at: before it nothing can have
-- been charged. key_attempt is part of Stripe's idempotency keys: it moves on when Stripe has answered with a fault of its own,
-- because Stripe keeps such an answer for 24 hours (https://docs.stripe.com/api/idempotent_requests).
CREATE TABLE plan_change_intents (
    user_id             uuid NOT NULL,
    intent_id           uuid NOT NULL,
    kind                text NOT NULL CHECK (kind IN ('upgrade', 'downgrade', 'cancel', 'resume')),
    subscription_id     text NOT NULL,
    plan_type           text NOT NULL REFERENCES plans,
    billing_interval    text CHECK (billing_interval IN ('month', 'year')),
    price_id            text,
    due_cents           integer NOT NULL DEFAULT 0 CHECK (due_cents >= 0),
    credits_after       integer NOT NULL DEFAULT 0,
    effective_at        timestamptz NOT NULL,
    undoes_ending       boolean NOT NULL DEFAULT false,
    state               text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'confirming', 'done', 'declined', 'failed', 'superseded')),
    reason              text,
    pay_url             text,
    attempts            integer NOT NULL DEFAULT 0,
    key_attempt         integer NOT NULL DEFAULT 1,
    charge_attempted_at timestamptz,
    claimed_until       timestamptz,
    next_attempt_at     timestamptz NOT NULL,
    created_at          timestamptz NOT NULL,
    finished_at         timestamptz,
    PRIMARY KEY (user_id, intent_id)
);
CREATE UNIQUE INDEX plan_change_intents_open_idx ON plan_change_intents (user_id) WHERE state IN ('waiting', 'confirming');
CREATE INDEX plan_change_intents_due_idx ON plan_change_intents (next_attempt_at) WHERE state IN ('waiting', 'confirming');

GRANT SELECT ON plan_change_intents TO authenticated, aurion_service;
GRANT UPDATE ON plan_change_intents TO aurion_service;
ALTER TABLE plan_change_intents ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON plan_change_intents FOR SELECT TO authenticated USING (user_id = (SELECT auth.uid()));
CREATE POLICY service ON plan_change_intents TO aurion_service USING (true) WITH CHECK (true);

-- The share of its period that a line paid for; a change that was prorated at Stripe gives that share of the difference.
ALTER TABLE plan_grants ADD COLUMN share numeric NOT NULL DEFAULT 1 CHECK (share BETWEEN 0 AND 1);

-- An end on a date of its own, and a pause of collection that support has ordered
-- (https://docs.stripe.com/billing/subscriptions/pause-payment).
ALTER TABLE user_subscriptions
    ADD COLUMN cancel_at        timestamptz,
    ADD COLUMN pause_behavior   text,
    ADD COLUMN pause_resumes_at timestamptz;

-- It says from now on what is carried over, too.
DROP FUNCTION IF EXISTS public.preview_stripe_snapshot(jsonb, timestamptz);
