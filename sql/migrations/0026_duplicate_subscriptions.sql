-- A second live subscription of a person, which two payment pages or Stripe's dashboard can bring about. It gives no credits; a job
-- ends it at Stripe and gives its money back. ended_at: known to be over there; finished_at: its money is back.
CREATE TABLE duplicate_subscriptions (
    user_id              uuid NOT NULL,
    subscription_id      text NOT NULL,
    kept_subscription_id text NOT NULL,
    found_at             timestamptz NOT NULL,
    ended_at             timestamptz,
    refunded_cents       integer NOT NULL DEFAULT 0 CHECK (refunded_cents >= 0),
    finished_at          timestamptz,
    PRIMARY KEY (user_id, subscription_id)
);
CREATE INDEX duplicate_subscriptions_open_idx ON duplicate_subscriptions (found_at) WHERE finished_at IS NULL;
GRANT SELECT ON duplicate_subscriptions TO authenticated, aurion_service;
ALTER TABLE duplicate_subscriptions ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON duplicate_subscriptions FOR SELECT TO authenticated USING (user_id = (SELECT auth.uid()));
CREATE POLICY service ON duplicate_subscriptions TO aurion_service USING (true) WITH CHECK (true);
