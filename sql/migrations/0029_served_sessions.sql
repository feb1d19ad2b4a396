-- When the tool first asked for a session: before that its price can be given back, because the tool never started. Sessions that
-- are open now may have been served.
ALTER TABLE tool_sessions ADD COLUMN served_at timestamptz;
UPDATE tool_sessions SET served_at = created_at WHERE ended_at IS NULL AND expires_at > now() - interval '7 days';
