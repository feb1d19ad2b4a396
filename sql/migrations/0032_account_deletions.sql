-- Accounts whose owners asked to be forgotten: scheduled for a while in which they may change their mind, then erased by a job. The
-- row of an erased account stays and names nobody: what arrives late about it is not kept either.
CREATE TABLE account_deletions (
    user_id         uuid PRIMARY KEY,
    id              uuid NOT NULL,
    requested_at    timestamptz NOT NULL,
    due_at          timestamptz NOT NULL,
    state           text NOT NULL DEFAULT 'scheduled' CHECK (state IN ('scheduled', 'erasing', 'erased')),
    next_attempt_at timestamptz NOT NULL,
    erased_at       timestamptz,
    CHECK ((state = 'erased') = (erased_at IS NOT NULL))
);
CREATE INDEX account_deletions_due_idx ON account_deletions (next_attempt_at) WHERE state <> 'erased';

GRANT SELECT ON account_deletions TO authenticated, aurion_service;
GRANT UPDATE (state, next_attempt_at) ON account_deletions TO aurion_service;
ALTER TABLE account_deletions ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON account_deletions FOR SELECT TO authenticated USING (user_id = (SELECT auth.uid()));
CREATE POLICY service ON account_deletions TO aurion_service USING (true) WITH CHECK (true);

-- Where a mail goes when that is not the address of the account; forgotten once the mail has ended.
ALTER TABLE mails ADD COLUMN recipient text;
GRANT UPDATE (recipient) ON mails TO aurion_service;

GRANT SELECT ON former_stripe_customers TO aurion_service;
CREATE POLICY service ON former_stripe_customers FOR SELECT TO aurion_service USING (true);
