-- The meter for tools whose price is known only at their end: a ceiling is held before a provider is called, and the run is
-- settled once, at most at that ceiling, or released. Models and their prices by version; the limits of the plans.

-- What the open holds reserve; spendable_credits takes it off.
ALTER TABLE user_credits ADD COLUMN held_credits integer NOT NULL DEFAULT 0 CHECK (held_credits >= 0);

-- How often a plan may use a tool; no row and NULL: as often as its credits allow, 0: not in the plan. Days and months are UTC's.
CREATE TABLE plan_limits (
    plan_type text NOT NULL REFERENCES plans,
    tool_id   text NOT NULL REFERENCES tools,
    per_day   integer CHECK (per_day >= 0),
    per_month integer CHECK (per_month >= 0),
    PRIMARY KEY (plan_type, tool_id)
);
INSERT INTO plan_limits (plan_type, tool_id, per_day, per_month) VALUES
    ('free', 'image-generation', 5, 20), ('starter', 'image-generation', 20, 100), ('plus', 'image-generation', 50, 500),
    ('free', 'code-generation', 10, 50), ('starter', 'code-generation', 30, 200), ('plus', 'code-generation', 100, NULL),
    ('free', 'ai-chat', 20, 100),        ('starter', 'ai-chat', 50, 500);

-- status 'off' is the operator's switch, or the nightly import's; status_reason says why. The limits of context and answer are
-- ours: they keep a flat price above the provider's.
CREATE TABLE ai_models (
    model_id       text PRIMARY KEY,
    name           text NOT NULL,
    description    text NOT NULL,
    min_plan       text NOT NULL REFERENCES plans,
    context_tokens integer NOT NULL CHECK (context_tokens > 0),
    answer_tokens  integer NOT NULL CHECK (answer_tokens > 0),
    status         text NOT NULL DEFAULT 'live' CHECK (status IN ('live', 'off')),
    status_reason  text,
    sort           smallint NOT NULL UNIQUE
);

-- The provider's prices in micro-dollars for a million tokens. microdollars_per_credit: how much of the provider's cost one credit
-- pays for; NULL: a message has the tool's flat price. A run keeps the version it began with.
CREATE TABLE model_prices (
    model_id                text NOT NULL REFERENCES ai_models,
    version                 integer NOT NULL CHECK (version > 0),
    prompt_price            bigint NOT NULL CHECK (prompt_price >= 0),
    completion_price        bigint NOT NULL CHECK (completion_price >= 0),
    microdollars_per_credit integer CHECK (microdollars_per_credit > 0),
    valid_from              timestamptz NOT NULL,
    PRIMARY KEY (model_id, version)
);

INSERT INTO ai_models (model_id, name, description, min_plan, context_tokens, answer_tokens, sort) VALUES
    ('openai/gpt-4o-mini',                      'GPT-4o mini',       'All-round',                'free',     8000, 1500, 1),
    ('mistralai/mistral-small-3.2-24b-instruct', 'Mistral Small 3.2', 'Quick, good French',       'free',    12000, 2000, 2),
    ('meta-llama/llama-3.3-70b-instruct',       'Llama 3.3 70B',     'Open weights',             'free',    12000, 2000, 3),
    ('google/gemini-2.5-flash',                 'Gemini 2.5 Flash',  'Reads long texts',         'starter', 32000, 2000, 4),
    ('anthropic/claude-sonnet-4',               'Claude Sonnet 4',   'Careful writing and code', 'starter', 32000, 2000, 5),
    ('openai/gpt-5',                            'GPT-5',             'Hard reasoning',           'plus',    32000, 4000, 6);
INSERT INTO model_prices (model_id, version, prompt_price, completion_price, microdollars_per_credit, valid_from) VALUES
    ('openai/gpt-4o-mini',                       1,  150000,   600000, NULL, '2026-01-01'),
    ('mistralai/mistral-small-3.2-24b-instruct', 1,  100000,   300000, NULL, '2026-01-01'),
    ('meta-llama/llama-3.3-70b-instruct',        1,  100000,   300000, NULL, '2026-01-01'),
    ('google/gemini-2.5-flash',                  1,  300000,  2500000, 2000, '2026-01-01'),
    ('anthropic/claude-sonnet-4',                1, 3000000, 15000000, 2000, '2026-01-01'),
    ('openai/gpt-5',                             1, 1250000, 10000000, 2000, '2026-01-01');

-- One row a run. credits and what follows are written when it closes; cost_microusd may come later, from the provider's record.
CREATE TABLE credit_holds (
    user_id           uuid NOT NULL,
    id                uuid NOT NULL,
    tool_id           text NOT NULL,
    model_id          text,
    price_version     integer,
    units             integer NOT NULL CHECK (units > 0),
    ceiling           integer NOT NULL CHECK (ceiling > 0),
    state             text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'settled', 'released')),
    created_at        timestamptz NOT NULL,
    expires_at        timestamptz NOT NULL,
    closed_at         timestamptz,
    credits           integer NOT NULL DEFAULT 0 CHECK (credits BETWEEN 0 AND ceiling),
    lost_credits      integer NOT NULL DEFAULT 0 CHECK (lost_credits >= 0),
    reason            text,
    prompt_tokens     integer,
    completion_tokens integer,
    cost_microusd     bigint CHECK (cost_microusd >= 0),
    generation_id     text,
    PRIMARY KEY (user_id, id),
    CHECK ((state = 'open') = (closed_at IS NULL)),
    CHECK (credits = 0 OR state = 'settled')
) WITH (fillfactor = 80);
CREATE INDEX credit_holds_open_idx ON credit_holds (expires_at) WHERE state = 'open';
CREATE INDEX credit_holds_tool_idx ON credit_holds (user_id, tool_id, created_at);
CREATE INDEX credit_holds_cost_idx ON credit_holds (closed_at) WHERE cost_microusd IS NULL AND generation_id IS NOT NULL AND state <> 'open';

GRANT SELECT ON plan_limits, ai_models TO anon, authenticated, aurion_service;
-- What the provider charges us is not for customers.
GRANT SELECT ON model_prices TO aurion_service;
GRANT UPDATE (status, status_reason) ON ai_models TO aurion_service;
GRANT INSERT ON model_prices TO aurion_service;
GRANT SELECT ON credit_holds TO authenticated, aurion_service;
GRANT UPDATE (expires_at, cost_microusd, prompt_tokens, completion_tokens) ON credit_holds TO aurion_service;

DO $$
DECLARE v_table text;
BEGIN
    FOREACH v_table IN ARRAY ARRAY['plan_limits', 'ai_models', 'model_prices'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', v_table);
        EXECUTE format('CREATE POLICY everyone ON %I FOR SELECT USING (true)', v_table);
        EXECUTE format('CREATE POLICY service ON %I TO aurion_service USING (true) WITH CHECK (true)', v_table);
    END LOOP;
END $$;
ALTER TABLE credit_holds ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON credit_holds FOR SELECT TO authenticated USING (user_id = (SELECT auth.uid()));
CREATE POLICY service ON credit_holds TO aurion_service USING (true) WITH CHECK (true);
