-- What embedded tools do through Aurion: calls of a model within a session's budget, and the work that lasts.

-- address: where a tool is that its operator serves elsewhere; NULL: Aurion's own page. A launch includes so many calls of a model;
-- a further one costs call_cost credits, when the person agrees. The limits of tokens keep a call cheaper than its price.
ALTER TABLE tools
    ADD COLUMN address        text CHECK (address ~ '^https?://[^/]+/'),
    ADD COLUMN included_calls integer NOT NULL DEFAULT 0 CHECK (included_calls >= 0),
    ADD COLUMN call_cost      integer CHECK (call_cost > 0),
    ADD COLUMN model_id       text REFERENCES ai_models,
    ADD COLUMN prompt_tokens  integer CHECK (prompt_tokens > 0),
    ADD COLUMN answer_tokens  integer CHECK (answer_tokens > 0);
UPDATE tools t
   SET included_calls = 20, model_id = 'openai/gpt-4o-mini', call_cost = n.call_cost, prompt_tokens = n.prompt_tokens, answer_tokens = n.answer_tokens
  FROM (VALUES ('app-builder', 2, 24000, 8000), ('website-builder', 2, 24000, 8000), ('ai-agents', 2, 12000, 3000),
               ('content-generator', 1, 8000, 3000), ('code-editor', 1, 12000, 4000), ('text-editor', 1, 8000, 2000))
       AS n (tool_id, call_cost, prompt_tokens, answer_tokens)
 WHERE t.tool_id = n.tool_id;

-- One call of a model. pays: included in the launch, extra (a hold of the same id), or free (it repairs the run that it names).
CREATE TABLE tool_runs (
    user_id           uuid NOT NULL,
    id                uuid NOT NULL,
    session_id        uuid NOT NULL,
    tool_id           text NOT NULL REFERENCES tools,
    plan_type         text NOT NULL REFERENCES plans,
    model_id          text NOT NULL,
    purpose           text NOT NULL,
    pays              text NOT NULL CHECK (pays IN ('included', 'extra', 'free')),
    repairs           uuid,
    state             text NOT NULL DEFAULT 'running' CHECK (state IN ('running', 'done', 'failed')),
    answer            text NOT NULL DEFAULT '',
    reason            text,
    credits           integer NOT NULL DEFAULT 0 CHECK (credits >= 0),
    prompt_tokens     integer,
    completion_tokens integer,
    cost_microusd     bigint CHECK (cost_microusd >= 0),
    generation_id     text,
    created_at        timestamptz NOT NULL,
    expires_at        timestamptz NOT NULL,
    closed_at         timestamptz,
    PRIMARY KEY (user_id, id),
    FOREIGN KEY (user_id, session_id) REFERENCES tool_sessions ON DELETE CASCADE,
    CHECK ((state = 'running') = (closed_at IS NULL)),
    CHECK ((pays = 'free') = (repairs IS NOT NULL))
);
CREATE INDEX tool_runs_session_id_idx ON tool_runs (user_id, session_id);
CREATE INDEX tool_runs_running_idx ON tool_runs (expires_at) WHERE state = 'running';
CREATE INDEX tool_runs_closed_at_idx ON tool_runs USING brin (closed_at);

-- revision counts every save, so that two tabs notice each other; publish_key opens the published version to whoever has it.
CREATE TABLE works (
    user_id           uuid NOT NULL,
    id                uuid NOT NULL,
    tool_id           text NOT NULL REFERENCES tools,
    title             text NOT NULL,
    revision          integer NOT NULL DEFAULT 1,
    publish_key       text UNIQUE,
    published_version integer,
    created_at        timestamptz NOT NULL,
    updated_at        timestamptz NOT NULL,
    PRIMARY KEY (user_id, id),
    CHECK ((publish_key IS NULL) = (published_version IS NULL))
);
CREATE INDEX works_updated_at_idx ON works (user_id, updated_at DESC);

-- content: {"files": [{"path", "text"}], "state": what the tool itself keeps}. A version that is not kept is overwritten by the next
-- save of its session for some minutes.
CREATE TABLE work_versions (
    user_id    uuid NOT NULL,
    work_id    uuid NOT NULL,
    version    integer NOT NULL CHECK (version > 0),
    session_id uuid NOT NULL,
    content    jsonb NOT NULL,
    bytes      integer NOT NULL CHECK (bytes >= 0),
    note       text NOT NULL DEFAULT '',
    is_kept    boolean NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (user_id, work_id, version),
    FOREIGN KEY (user_id, work_id) REFERENCES works ON DELETE CASCADE
);

GRANT SELECT ON tool_runs, works, work_versions TO authenticated, aurion_service;
GRANT UPDATE, DELETE ON works TO aurion_service;

DO $$
DECLARE v_table text;
BEGIN
    FOREACH v_table IN ARRAY ARRAY['tool_runs', 'works', 'work_versions'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', v_table);
        EXECUTE format('CREATE POLICY own ON %I FOR SELECT TO authenticated USING (user_id = (SELECT auth.uid()))', v_table);
        EXECUTE format('CREATE POLICY service ON %I TO aurion_service USING (true) WITH CHECK (true)', v_table);
    END LOOP;
END $$;
