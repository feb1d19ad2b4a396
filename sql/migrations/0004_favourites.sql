-- The tools a person keeps at hand. Its owner reads and writes it without a function: nothing here is worth credits.
CREATE TABLE tool_favourites (
    user_id    uuid NOT NULL,
    tool_id    text NOT NULL REFERENCES tools,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (user_id, tool_id)
);

GRANT SELECT, INSERT, DELETE ON tool_favourites TO authenticated, aurion_service;
ALTER TABLE tool_favourites ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON tool_favourites TO authenticated
    USING (user_id = (SELECT auth.uid())) WITH CHECK (user_id = (SELECT auth.uid()));
CREATE POLICY service ON tool_favourites TO aurion_service USING (true) WITH CHECK (true);
