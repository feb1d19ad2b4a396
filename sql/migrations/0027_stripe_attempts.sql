-- The content of an event is removed once it was applied long ago.
ALTER TABLE stripe_events ALTER COLUMN payload DROP NOT NULL;

-- Stripe keeps the first answer of an idempotency key for a day, its own faults included. What is wished for is tried again under
-- the key of the next attempt, which is kept here so that every process asks under the same one. No row: the first attempt.
CREATE TABLE stripe_attempts (
    wish       text PRIMARY KEY,
    attempt    integer NOT NULL CHECK (attempt > 1),
    changed_at timestamptz NOT NULL
);
GRANT SELECT, INSERT, UPDATE, DELETE ON stripe_attempts TO aurion_service;
ALTER TABLE stripe_attempts ENABLE ROW LEVEL SECURITY;
CREATE POLICY service ON stripe_attempts TO aurion_service USING (true) WITH CHECK (true);
