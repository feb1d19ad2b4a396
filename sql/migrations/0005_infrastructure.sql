-- Keys that protect cookies and form tokens, shared by every node. Nobody but the application itself sees them.
CREATE TABLE data_protection_keys (
    id         uuid PRIMARY KEY,
    name       text NOT NULL,
    xml        text NOT NULL,
    created_at timestamptz NOT NULL
);
GRANT SELECT, INSERT, DELETE ON data_protection_keys TO aurion_service;
ALTER TABLE data_protection_keys ENABLE ROW LEVEL SECURITY;
CREATE POLICY service ON data_protection_keys TO aurion_service USING (true) WITH CHECK (true);

-- The job engine makes its own tables in here when `migrate` runs.
CREATE SCHEMA jobs;
GRANT USAGE ON SCHEMA jobs TO aurion_service;
