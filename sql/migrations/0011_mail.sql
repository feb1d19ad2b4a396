-- Mail on its way to people. A row is written in the transaction of the fact it tells, once for each fact by its natural key;
-- address and language are read when it is sent, so that neither is kept twice.
CREATE TABLE mails (
    user_id         uuid NOT NULL,
    source_ref      text NOT NULL,
    kind            text NOT NULL,
    facts           jsonb NOT NULL,
    state           text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'sent', 'bounced', 'failed')),
    attempts        integer NOT NULL DEFAULT 0,
    created_at      timestamptz NOT NULL,
    next_attempt_at timestamptz NOT NULL,
    finished_at     timestamptz,
    last_error      text,
    PRIMARY KEY (user_id, source_ref)
);
CREATE INDEX mails_queue_idx ON mails (next_attempt_at) WHERE state = 'waiting';

GRANT SELECT ON mails TO authenticated, aurion_service;
GRANT UPDATE (state, attempts, next_attempt_at, finished_at, last_error) ON mails TO aurion_service;
ALTER TABLE mails ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON mails FOR SELECT TO authenticated USING (user_id = (SELECT auth.uid()));
CREATE POLICY service ON mails TO aurion_service USING (true) WITH CHECK (true);
