-- Keys that sign in without a password: the device keeps the private half, and asks for a finger, a face or a PIN before it signs.
CREATE TABLE account_passkeys (
    user_id       uuid NOT NULL,
    id            uuid NOT NULL,
    credential_id bytea NOT NULL CHECK (octet_length(credential_id) BETWEEN 1 AND 1023),
    public_key    bytea NOT NULL,
    -- Of the last signature; 0 for devices that do not count.
    sign_count    bigint NOT NULL CHECK (sign_count >= 0),
    -- Kept by a password manager, and so on more than one device.
    backed_up     boolean NOT NULL,
    name          text NOT NULL CHECK (length(name) BETWEEN 1 AND 60),
    created_at    timestamptz NOT NULL,
    last_used_at  timestamptz,
    PRIMARY KEY (user_id, id),
    -- WebAuthn, 7.1: a credential belongs to one account.
    UNIQUE (credential_id)
);

-- What a device is asked to sign: for one purpose, once, within minutes.
CREATE TABLE passkey_challenges (
    id         uuid PRIMARY KEY,
    purpose    text NOT NULL CHECK (length(purpose) BETWEEN 1 AND 100),
    challenge  bytea NOT NULL CHECK (octet_length(challenge) = 32),
    expires_at timestamptz NOT NULL
);
CREATE INDEX passkey_challenges_expires_idx ON passkey_challenges (expires_at);

GRANT SELECT (user_id, id, name, backed_up, created_at, last_used_at) ON account_passkeys TO authenticated;
GRANT SELECT, INSERT, UPDATE, DELETE ON account_passkeys, passkey_challenges TO aurion_service;
ALTER TABLE account_passkeys ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON account_passkeys FOR SELECT TO authenticated USING (user_id = (SELECT auth.uid()));
CREATE POLICY service ON account_passkeys TO aurion_service USING (true) WITH CHECK (true);
ALTER TABLE passkey_challenges ENABLE ROW LEVEL SECURITY;
CREATE POLICY service ON passkey_challenges TO aurion_service USING (true) WITH CHECK (true);
