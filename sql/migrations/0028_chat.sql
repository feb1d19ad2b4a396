-- Conversations with a machine. A message knows the one it follows, so an edit or another answer is a branch beside the first.
UPDATE tools SET status = 'live' WHERE tool_id = 'ai-chat';

CREATE TABLE conversations (
    user_id      uuid NOT NULL,
    id           uuid NOT NULL,
    title        text NOT NULL,
    instructions text NOT NULL DEFAULT '',
    share_key    text UNIQUE,
    created_at   timestamptz NOT NULL,
    updated_at   timestamptz NOT NULL,
    PRIMARY KEY (user_id, id)
);
CREATE INDEX conversations_updated_at_idx ON conversations (user_id, updated_at DESC);

-- An answer has the id of its hold. While it is written its text stands in message_parts; at its end that becomes content.
-- prompt_tokens: estimated, for a settlement without the provider's figures.
CREATE TABLE messages (
    user_id         uuid NOT NULL,
    id              uuid NOT NULL,
    conversation_id uuid NOT NULL,
    parent_id       uuid,
    role            text NOT NULL CHECK (role IN ('user', 'assistant')),
    content         text NOT NULL,
    created_at      timestamptz NOT NULL,
    state           text CHECK (state IN ('writing', 'done', 'stopped', 'broken', 'failed')),
    model_id        text,
    prompt_tokens   integer,
    reason          text,
    credits         integer,
    ledger_seq      bigint,
    closed_at       timestamptz,
    PRIMARY KEY (user_id, id),
    FOREIGN KEY (user_id, conversation_id) REFERENCES conversations ON DELETE CASCADE,
    CHECK ((role = 'assistant') = (state IS NOT NULL)),
    CHECK ((state = 'writing') = (closed_at IS NULL))
);
CREATE INDEX messages_conversation_id_idx ON messages (user_id, conversation_id, created_at, id);
-- One answer at a time in a conversation.
CREATE UNIQUE INDEX messages_writing_idx ON messages (user_id, conversation_id) WHERE state = 'writing';

-- Offsets count UTF-16 units, as the browser does.
CREATE TABLE message_parts (
    user_id    uuid NOT NULL,
    message_id uuid NOT NULL,
    starts_at  integer NOT NULL,
    ends_at    integer NOT NULL,
    text       text NOT NULL,
    PRIMARY KEY (user_id, message_id, starts_at),
    FOREIGN KEY (user_id, message_id) REFERENCES messages ON DELETE CASCADE
);

GRANT SELECT ON conversations, messages, message_parts TO authenticated;
GRANT SELECT, INSERT, UPDATE, DELETE ON conversations, messages, message_parts TO aurion_service;

DO $$
DECLARE v_table text;
BEGIN
    FOREACH v_table IN ARRAY ARRAY['conversations', 'messages', 'message_parts'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', v_table);
        EXECUTE format('CREATE POLICY own ON %I FOR SELECT TO authenticated USING (user_id = (SELECT auth.uid()))', v_table);
        EXECUTE format('CREATE POLICY service ON %I TO aurion_service USING (true) WITH CHECK (true)', v_table);
    END LOOP;
END $$;
