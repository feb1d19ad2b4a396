-- What a person gives a model to read with a message: the text of a file, or a picture that was encoded anew. message_id NULL: not
-- sent yet. tokens: the most that its text can take; a picture takes what its model says.
CREATE TABLE attachments (
    user_id    uuid NOT NULL,
    id         uuid NOT NULL,
    message_id uuid,
    place      smallint NOT NULL DEFAULT 0,
    name       text NOT NULL,
    kind       text NOT NULL CHECK (kind IN ('text', 'pdf', 'picture')),
    text       text NOT NULL DEFAULT '',
    tokens     integer NOT NULL CHECK (tokens >= 0),
    created_at timestamptz NOT NULL,
    PRIMARY KEY (user_id, id),
    FOREIGN KEY (user_id, message_id) REFERENCES messages ON DELETE CASCADE,
    CHECK ((kind = 'picture') = (text = ''))
);
CREATE INDEX attachments_message_id_idx ON attachments (user_id, message_id);
CREATE INDEX attachments_waiting_idx ON attachments (created_at) WHERE message_id IS NULL;

CREATE TABLE attachment_files (
    user_id       uuid NOT NULL,
    attachment_id uuid NOT NULL,
    content       bytea NOT NULL,
    PRIMARY KEY (user_id, attachment_id),
    FOREIGN KEY (user_id, attachment_id) REFERENCES attachments ON DELETE CASCADE
);
-- A JPEG does not get smaller.
ALTER TABLE attachment_files ALTER COLUMN content SET STORAGE EXTERNAL;

GRANT SELECT ON attachments, attachment_files TO authenticated;
GRANT SELECT, INSERT, UPDATE, DELETE ON attachments TO aurion_service;
GRANT SELECT, INSERT ON attachment_files TO aurion_service;

DO $$
DECLARE v_table text;
BEGIN
    FOREACH v_table IN ARRAY ARRAY['attachments', 'attachment_files'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', v_table);
        EXECUTE format('CREATE POLICY own ON %I FOR SELECT TO authenticated USING (user_id = (SELECT auth.uid()))', v_table);
        EXECUTE format('CREATE POLICY service ON %I TO aurion_service USING (true) WITH CHECK (true)', v_table);
    END LOOP;
END $$;

-- The most tokens that a picture of 1,024 pixels a side takes; NULL: the model sees none, or its flat price does not pay for one.
ALTER TABLE ai_models ADD COLUMN picture_tokens integer CHECK (picture_tokens > 0);
UPDATE ai_models SET picture_tokens = 1600 WHERE model_id IN ('google/gemini-2.5-flash', 'anthropic/claude-sonnet-4', 'openai/gpt-5');
