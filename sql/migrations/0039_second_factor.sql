-- The second step of a sign-in: the secret that an authenticator app shares, protected by the key ring, and the last time step whose
-- code was taken, so that a code works once.
CREATE TABLE account_second_factors (
    user_id    uuid PRIMARY KEY,
    secret     text NOT NULL,
    last_step  bigint NOT NULL,
    enabled_at timestamptz NOT NULL
);

-- For who has lost the app: each works once. They have 80 random bits, so a plain digest tells nothing.
CREATE TABLE account_recovery_codes (
    user_id uuid NOT NULL,
    digest  text NOT NULL,
    used_at timestamptz,
    PRIMARY KEY (user_id, digest)
);

GRANT SELECT (user_id, enabled_at) ON account_second_factors TO authenticated;
GRANT SELECT (user_id, used_at) ON account_recovery_codes TO authenticated;
GRANT SELECT, INSERT, UPDATE, DELETE ON account_second_factors, account_recovery_codes TO aurion_service;

DO $$
DECLARE v_table text;
BEGIN
    FOREACH v_table IN ARRAY ARRAY['account_second_factors', 'account_recovery_codes'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', v_table);
        EXECUTE format('CREATE POLICY own ON %I FOR SELECT TO authenticated USING (user_id = (SELECT auth.uid()))', v_table);
        EXECUTE format('CREATE POLICY service ON %I TO aurion_service USING (true) WITH CHECK (true)', v_table);
    END LOOP;
END $$;
