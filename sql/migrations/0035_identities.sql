-- Who signs in at somebody else's: the provider's subject is this user. Address and name are what the provider told last, so that a
-- change there is told from a change here.
CREATE TABLE account_identities (
    user_id      uuid NOT NULL,
    provider     text NOT NULL CHECK (provider IN ('clerk', 'google', 'github')),
    subject      text NOT NULL CHECK (length(subject) BETWEEN 1 AND 255),
    email        text,
    full_name    text,
    created_at   timestamptz NOT NULL,
    last_used_at timestamptz NOT NULL,
    PRIMARY KEY (user_id, provider, subject),
    -- Of several that find out at once that a subject is new, one makes the account.
    UNIQUE (provider, subject)
);

GRANT SELECT ON account_identities TO authenticated;
GRANT SELECT, INSERT, UPDATE, DELETE ON account_identities TO aurion_service;
ALTER TABLE account_identities ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON account_identities FOR SELECT TO authenticated USING (user_id = (SELECT auth.uid()));
CREATE POLICY service ON account_identities TO aurion_service USING (true) WITH CHECK (true);

-- What a provider told about a subject: each event counts once, an older one does not undo a newer, and a deleted subject stays so.
CREATE TABLE identity_events (
    provider    text NOT NULL,
    event_id    text NOT NULL CHECK (length(event_id) <= 255),
    type        text NOT NULL,
    subject     text NOT NULL,
    occurred_at timestamptz NOT NULL,
    received_at timestamptz NOT NULL,
    PRIMARY KEY (provider, event_id)
);
CREATE INDEX identity_events_subject_idx ON identity_events (provider, subject, occurred_at);

GRANT SELECT, INSERT, DELETE ON identity_events TO aurion_service;
ALTER TABLE identity_events ENABLE ROW LEVEL SECURITY;
CREATE POLICY service ON identity_events TO aurion_service USING (true) WITH CHECK (true);

-- Whoever signs in elsewhere only has no password; the row still says that this address is theirs, and whether they are disabled.
ALTER TABLE account_credentials ALTER COLUMN password_hash DROP NOT NULL, ALTER COLUMN password_changed_at DROP NOT NULL;

-- The session at the provider that this one came from: who signs out here is signed out there. NULL once that is done.
ALTER TABLE account_sessions ADD COLUMN provider_session text CHECK (length(provider_session) <= 255);
CREATE INDEX account_sessions_outside_idx ON account_sessions (revoked_at) WHERE provider_session IS NOT NULL AND revoked_at IS NOT NULL;
