-- Partial, so that it serves the limits of plans alone: the whole index was chosen to find one hold by its key, and read all of its user's.
DROP INDEX credit_holds_tool_idx;
CREATE INDEX credit_holds_tool_idx ON credit_holds (user_id, tool_id, created_at) WHERE state <> 'released';
