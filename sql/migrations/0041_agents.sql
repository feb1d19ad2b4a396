-- A tool whose row says so reads what its person has made in other tools, while its page is Aurion's own; and a model may answer with calls of functions that a tool offers.
ALTER TABLE tools ADD COLUMN reads_works boolean NOT NULL DEFAULT false;
UPDATE tools SET reads_works = true WHERE tool_id = 'ai-agents';
-- A sandbox of before pointed it at a page of its own.
UPDATE tools SET address = NULL WHERE tool_id = 'ai-agents' AND address LIKE 'http://127.0.0.1:%';

ALTER TABLE tool_runs ADD COLUMN tool_calls jsonb;
-- expires_at is when the process of a running call counts as dead; it says before that it lives.
GRANT UPDATE (expires_at) ON tool_runs TO aurion_service;
DROP FUNCTION IF EXISTS public.finish_tool_run(uuid, uuid, text, text, integer, integer, bigint, text, timestamptz);
