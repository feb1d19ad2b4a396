-- What a job could not do for one row (its subject) while it went on with the others; an empty subject is the whole run.
CREATE TABLE job_failures (
    job      text NOT NULL,
    subject  text NOT NULL,
    error    text NOT NULL,
    times    int NOT NULL,
    first_at timestamptz NOT NULL,
    last_at  timestamptz NOT NULL,
    PRIMARY KEY (job, subject)
);
GRANT SELECT, INSERT, UPDATE, DELETE ON job_failures TO aurion_service;
ALTER TABLE job_failures ENABLE ROW LEVEL SECURITY;
CREATE POLICY service ON job_failures TO aurion_service USING (true) WITH CHECK (true);

-- The schedule of the former job engine. What it was to do stands in our own tables (events, mails, top-ups, grants).
DO $$
DECLARE v_table regclass;
BEGIN
    FOR v_table IN
        SELECT oid FROM pg_class WHERE relnamespace = 'jobs'::regnamespace AND relkind = 'r' AND starts_with(relname, 'qrtz_')
    LOOP
        EXECUTE format('DROP TABLE %s CASCADE', v_table);
    END LOOP;
END $$;
