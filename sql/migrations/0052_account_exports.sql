-- A person's own data as a file: asked for, made by a job, kept for a day. NULL ready_at: it is being made.
CREATE TABLE account_exports (
    user_id         uuid PRIMARY KEY,
    id              uuid NOT NULL,
    asked_at        timestamptz NOT NULL,
    next_attempt_at timestamptz NOT NULL,
    ready_at        timestamptz,
    expires_at      timestamptz,
    bytes           bigint,
    CHECK ((ready_at IS NULL) = (expires_at IS NULL) AND (ready_at IS NULL) = (bytes IS NULL))
);
CREATE INDEX account_exports_waiting_idx ON account_exports (next_attempt_at) WHERE ready_at IS NULL;
CREATE INDEX account_exports_expires_idx ON account_exports (expires_at) WHERE ready_at IS NOT NULL;

-- The file, in pieces that are read one after the other.
CREATE TABLE account_export_parts (
    user_id uuid NOT NULL REFERENCES account_exports ON DELETE CASCADE,
    part    integer NOT NULL,
    content bytea NOT NULL,
    PRIMARY KEY (user_id, part)
);
-- A ZIP does not get smaller.
ALTER TABLE account_export_parts ALTER COLUMN content SET STORAGE EXTERNAL;

GRANT SELECT ON account_exports, account_export_parts TO authenticated;
GRANT SELECT, INSERT, UPDATE, DELETE ON account_exports, account_export_parts TO aurion_service;

DO $$
DECLARE v_table text;
BEGIN
    FOREACH v_table IN ARRAY ARRAY['account_exports', 'account_export_parts'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', v_table);
        EXECUTE format('CREATE POLICY own ON %I FOR SELECT TO authenticated USING (user_id = (SELECT auth.uid()))', v_table);
        EXECUTE format('CREATE POLICY service ON %I TO aurion_service USING (true) WITH CHECK (true)', v_table);
    END LOOP;
END $$;
