-- The tool comes first: an index that begins with the user was chosen to find one hold, and read all of that user's.
DROP INDEX credit_holds_tool_idx;
CREATE INDEX credit_holds_tool_idx ON credit_holds (tool_id, user_id, created_at);
