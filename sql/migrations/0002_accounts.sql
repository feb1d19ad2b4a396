-- Built-in accounts: e-mail and password, sessions that can be ended, and the brake on guessing.

-- The e-mail is trimmed and in lower case, and unique over everybody: the one key here that cannot start from a user.
CREATE TABLE account_credentials (
    user_id             uuid PRIMARY KEY,
    email               text NOT NULL UNIQUE CHECK (email = lower(email)),
    password_hash       text NOT NULL,
    password_changed_at timestamptz NOT NULL,
    disabled_at         timestamptz,
    created_at          timestamptz NOT NULL
);

-- One row for each sign-in. The token names its row in the claim "sid" and is worth nothing once the row has ended.
-- A session is live at p_now when:  revoked_at IS NULL AND expires_at > p_now
-- Whoever issues something on behalf of a session (the token of an embedded tool) joins on (user_id, id) and asks that.
CREATE TABLE account_sessions (
    user_id      uuid NOT NULL,
    id           uuid NOT NULL,
    created_at   timestamptz NOT NULL,
    expires_at   timestamptz NOT NULL,
    last_seen_at timestamptz NOT NULL,
    revoked_at   timestamptz,
    user_agent   text CHECK (length(user_agent) <= 400),
    PRIMARY KEY (user_id, id),
    CHECK (expires_at > created_at)
);

-- A leaky bucket for each subject (an e-mail, an address, both together): clear_at is when it will be empty again.
-- Subjects are digests: neither e-mails nor addresses of strangers are kept.
CREATE TABLE account_attempts (
    subject  text PRIMARY KEY,
    clear_at timestamptz NOT NULL
);
CREATE INDEX account_attempts_clear_idx ON account_attempts (clear_at);

GRANT SELECT (user_id, email, password_changed_at, disabled_at, created_at) ON account_credentials TO authenticated;
GRANT SELECT ON account_sessions TO authenticated;
GRANT SELECT, INSERT, UPDATE, DELETE ON account_credentials, account_sessions, account_attempts TO aurion_service;

ALTER TABLE account_credentials ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON account_credentials FOR SELECT TO authenticated USING (user_id = (SELECT auth.uid()));
CREATE POLICY service ON account_credentials TO aurion_service USING (true) WITH CHECK (true);

ALTER TABLE account_sessions ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON account_sessions FOR SELECT TO authenticated USING (user_id = (SELECT auth.uid()));
CREATE POLICY service ON account_sessions TO aurion_service USING (true) WITH CHECK (true);

ALTER TABLE account_attempts ENABLE ROW LEVEL SECURITY;
CREATE POLICY service ON account_attempts TO aurion_service USING (true) WITH CHECK (true);
