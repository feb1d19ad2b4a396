-- What a person writes to a model again and again: {{names}} in it are asked for each time.
CREATE TABLE saved_prompts (
    user_id    uuid NOT NULL,
    id         uuid NOT NULL,
    title      text NOT NULL CHECK (length(title) BETWEEN 1 AND 80),
    text       text NOT NULL CHECK (length(text) BETWEEN 1 AND 8000),
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (user_id, id)
);

GRANT SELECT ON saved_prompts TO authenticated;
GRANT SELECT, INSERT, UPDATE, DELETE ON saved_prompts TO aurion_service;
ALTER TABLE saved_prompts ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON saved_prompts FOR SELECT TO authenticated USING (user_id = (SELECT auth.uid()));
CREATE POLICY service ON saved_prompts TO aurion_service USING (true) WITH CHECK (true);
