-- An agent's run: what its person agreed to is carried out whoever looks at it. Goal, plan, results and the document stand in the piece
-- of work; here stands who carries it out, until when it counts as alive, and what may be paid.
-- state: running (also while the plan is made), planned (waits for its person to agree), asking (waits for further calls to be agreed),
-- stuck (it repeats itself), paused, stopped, done. reason: a word for why it waits, with a detail. call_id: the call of a model that is
-- under way for call_key, so that whoever takes it up again asks for the same one.
CREATE TABLE agent_runs (
    user_id     uuid NOT NULL,
    work_id     uuid NOT NULL,
    session_id  uuid NOT NULL,
    language    text NOT NULL,
    state       text NOT NULL CHECK (state IN ('running', 'planned', 'asking', 'stuck', 'paused', 'stopped', 'done')),
    reason      text,
    detail      text,
    extra_calls integer NOT NULL DEFAULT 0 CHECK (extra_calls >= 0),
    extra_price integer NOT NULL DEFAULT 0 CHECK (extra_price >= 0),
    call_id     uuid,
    call_key    text,
    attempts    integer NOT NULL DEFAULT 0,
    fence       bigint NOT NULL DEFAULT 1,
    lease_until timestamptz NOT NULL,
    created_at  timestamptz NOT NULL,
    updated_at  timestamptz NOT NULL,
    PRIMARY KEY (user_id, work_id),
    FOREIGN KEY (user_id, work_id) REFERENCES works ON DELETE CASCADE
);
CREATE INDEX agent_runs_due_idx ON agent_runs (lease_until) WHERE state = 'running';

GRANT SELECT ON agent_runs TO authenticated;
GRANT SELECT, INSERT, UPDATE ON agent_runs TO aurion_service;
ALTER TABLE agent_runs ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON agent_runs FOR SELECT TO authenticated USING (user_id = (SELECT auth.uid()));
CREATE POLICY service ON agent_runs TO aurion_service USING (true) WITH CHECK (true);

DROP FUNCTION IF EXISTS public.save_work(uuid, uuid, text, uuid, text, integer, jsonb, text, boolean, boolean, timestamptz);

-- Its person wants a call stopped that another process makes: that one sees it when it next says that it lives.
ALTER TABLE tool_runs ADD COLUMN stop_asked_at timestamptz;
GRANT UPDATE (stop_asked_at) ON tool_runs TO aurion_service;
