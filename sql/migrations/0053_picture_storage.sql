-- The files of a picture may lie in S3-compatible storage: then content is NULL, and object_key says where.
ALTER TABLE picture_files ALTER COLUMN content DROP NOT NULL, ADD COLUMN object_key text,
    ADD CHECK ((content IS NULL) <> (object_key IS NULL));

-- Objects that are to be deleted from the storage from due_at on. An object is written down here before it is stored, and taken off by the
-- transaction that delivers its picture, so that none is left behind when a process dies in between.
CREATE TABLE unused_objects (
    key    text PRIMARY KEY,
    due_at timestamptz NOT NULL
);
CREATE INDEX unused_objects_due_at_idx ON unused_objects (due_at);
ALTER TABLE unused_objects ENABLE ROW LEVEL SECURITY;
CREATE POLICY service ON unused_objects TO aurion_service USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON unused_objects TO aurion_service;
