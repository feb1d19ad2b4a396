-- The credit system: accounts, plans, tools, balances, the ledger and tool sessions.
-- Runs on a plain PostgreSQL (15 to 18) and on a Supabase project, where schema auth and its roles already exist.

DO $$
DECLARE v_role text;
BEGIN
    FOREACH v_role IN ARRAY ARRAY['anon', 'authenticated', 'service_role', 'aurion_service'] LOOP
        BEGIN
            IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = v_role) THEN
                EXECUTE format('CREATE ROLE %I NOLOGIN', v_role);
            END IF;
        EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; -- another database of the cluster was first
        END;
    END LOOP;
END $$;

DO $$ BEGIN IF to_regnamespace('auth') IS NULL THEN CREATE SCHEMA auth; END IF; END $$;

DO $$
BEGIN
    IF to_regclass('auth.users') IS NULL THEN
        CREATE TABLE auth.users (
            id                 uuid PRIMARY KEY,
            email              varchar(255),
            raw_user_meta_data jsonb,
            created_at         timestamptz,
            updated_at         timestamptz
        );
        CREATE UNIQUE INDEX users_email_key ON auth.users (lower(email));
        ALTER TABLE auth.users ENABLE ROW LEVEL SECURITY;
    END IF;
    IF to_regprocedure('auth.uid()') IS NULL THEN
        CREATE FUNCTION auth.jwt() RETURNS jsonb LANGUAGE sql STABLE AS
            $f$ SELECT nullif(current_setting('request.jwt.claims', true), '')::jsonb $f$;
        CREATE FUNCTION auth.uid() RETURNS uuid LANGUAGE sql STABLE AS
            $f$ SELECT (nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'sub')::uuid $f$;
        GRANT USAGE ON SCHEMA auth TO anon, authenticated, service_role;
    END IF;
END $$;

GRANT USAGE ON SCHEMA public TO anon, authenticated, aurion_service;

CREATE TABLE plans (
    plan_type           text PRIMARY KEY,
    name                text NOT NULL,
    monthly_price_cents integer NOT NULL CHECK (monthly_price_cents >= 0),
    annual_price_cents  integer NOT NULL CHECK (annual_price_cents >= 0),
    credits_monthly     integer NOT NULL CHECK (credits_monthly >= 0),
    recommended         boolean NOT NULL DEFAULT false,
    sort                smallint NOT NULL UNIQUE
);

INSERT INTO plans (plan_type, name, monthly_price_cents, annual_price_cents, credits_monthly, recommended, sort) VALUES
    ('free',       'Free',           0,      0,    100, false, 0),
    ('starter',    'Starter',      900,   9000,   1000, false, 1),
    ('plus',       'Plus',        2900,  29000,   5000, true,  2),
    ('pro',        'Pro',         9900,  99000,  25000, false, 3),
    ('enterprise', 'Enterprise', 49900, 499000, 100000, false, 4);

CREATE TABLE tools (
    tool_id     text PRIMARY KEY,
    name        text NOT NULL,
    description text NOT NULL,
    category    text NOT NULL,
    kind        text NOT NULL CHECK (kind IN ('embedded', 'builtin')),
    status      text NOT NULL CHECK (status IN ('live', 'coming_soon', 'off')),
    cost        integer NOT NULL CHECK (cost > 0),
    sort        smallint NOT NULL UNIQUE
);

INSERT INTO tools (tool_id, name, description, category, kind, status, cost, sort) VALUES
    ('app-builder',       'App Builder',       'Describe an application, get a prototype that runs.',     'development', 'embedded', 'live', 50, 1),
    ('website-builder',   'Website Builder',   'A complete site, ready to publish, in a few exchanges.',  'development', 'embedded', 'live', 50, 2),
    ('ai-agents',         'AI Agents',         'Automate a recurring task with agents of your own.',      'automation',  'embedded', 'live', 30, 3),
    ('content-generator', 'Content Generator', 'Articles, product pages and campaigns, in your tone.',    'writing',     'embedded', 'live', 15, 4),
    ('code-editor',       'Code Editor',       'Write, review and fix code with an assistant.',           'development', 'embedded', 'live', 10, 5),
    ('text-editor',       'Text Editor',       'A rich editor that rephrases and translates.',            'writing',     'embedded', 'live', 5, 6),
    ('ai-chat',           'AI Chat',           'The best models, priced by the message.',                 'conversation', 'builtin', 'coming_soon', 1, 7),
    ('code-generation',   'Code Generation',   'From a sentence to code you can read.',                   'development', 'builtin', 'coming_soon', 5, 8),
    ('image-generation',  'Image Generation',  'From a sentence to an image, rights included.',           'creation',    'builtin', 'coming_soon', 10, 9),
    ('video-generation',  'Video Generation',  'From a sentence to a short film.',                        'creation',    'builtin', 'coming_soon', 50, 10);

CREATE TABLE profiles (
    id         uuid PRIMARY KEY,
    email      text NOT NULL,
    full_name  text,
    locale     text CHECK (locale IN ('en', 'fr')),
    theme      text CHECK (theme IN ('light', 'dark')),
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL
);
CREATE INDEX profiles_email_idx ON profiles (lower(email));

-- current_period_* is the window of the credits; anchor_day is the day of the month from which every window is computed.
CREATE TABLE user_plans (
    user_id                uuid PRIMARY KEY,
    plan_type              text NOT NULL REFERENCES plans,
    status                 text NOT NULL,
    stripe_customer_id     text,
    stripe_subscription_id text,
    billing_interval       text CHECK (billing_interval IN ('month', 'year')),
    current_period_start   timestamptz NOT NULL,
    current_period_end     timestamptz NOT NULL,
    anchor_day             smallint NOT NULL CHECK (anchor_day BETWEEN 1 AND 31),
    credits_monthly        integer NOT NULL CHECK (credits_monthly >= 0),
    cancel_at_period_end   boolean NOT NULL DEFAULT false,
    created_at             timestamptz NOT NULL,
    updated_at             timestamptz NOT NULL,
    CHECK (current_period_end > current_period_start)
);
CREATE INDEX user_plans_refill_idx ON user_plans (current_period_end) WHERE billing_interval IS DISTINCT FROM 'month';
CREATE INDEX user_plans_customer_idx ON user_plans (stripe_customer_id) WHERE stripe_customer_id IS NOT NULL;

-- total_credits and used_credits are the plan's bucket of this period; bonus_credits is what is left in credit_grants.
-- ledger_seq and ledger_hash are the head of the account's chain in usage_logs.
CREATE TABLE user_credits (
    user_id         uuid PRIMARY KEY,
    total_credits   integer NOT NULL CHECK (total_credits >= 0),
    used_credits    integer NOT NULL DEFAULT 0 CHECK (used_credits >= 0),
    bonus_credits   integer NOT NULL DEFAULT 0 CHECK (bonus_credits >= 0),
    last_reset_date timestamptz NOT NULL,
    frozen_at       timestamptz,
    ledger_seq      bigint NOT NULL DEFAULT 0,
    ledger_hash     bytea NOT NULL DEFAULT '',
    CHECK (used_credits <= total_credits)
) WITH (fillfactor = 70);

CREATE TABLE credit_grants (
    user_id      uuid NOT NULL,
    id           uuid NOT NULL,
    source       text NOT NULL,
    source_ref   text NOT NULL,
    amount       integer NOT NULL CHECK (amount > 0),
    remaining    integer NOT NULL CHECK (remaining >= 0),
    expired      integer NOT NULL DEFAULT 0 CHECK (expired >= 0),
    clawed_back  integer NOT NULL DEFAULT 0 CHECK (clawed_back >= 0),
    priority     smallint NOT NULL DEFAULT 100,
    effective_at timestamptz NOT NULL,
    expires_at   timestamptz,
    frozen_at    timestamptz,
    PRIMARY KEY (user_id, id),
    UNIQUE (user_id, source, source_ref),
    CHECK (remaining + expired + clawed_back <= amount)
);
CREATE INDEX credit_grants_expiry_idx ON credit_grants (expires_at) WHERE remaining > 0;

-- The ledger: append-only, one row per movement, each row carrying the hash of the one before.
-- credits_used is what the action cost; delta is the signed change of what is available; buckets says what was drawn of
-- each: {"plan": credits, "grants": {"<grant id>": credits}}; session_id is the tool session that the action opened.
CREATE TABLE usage_logs (
    user_id       uuid NOT NULL,
    seq           bigint NOT NULL,
    created_at    timestamptz NOT NULL,
    action_type   text NOT NULL,
    credits_used  integer NOT NULL DEFAULT 0 CHECK (credits_used >= 0),
    delta         integer NOT NULL,
    balance_after integer NOT NULL,
    operation_id  text,
    actor         text NOT NULL,
    metadata      jsonb NOT NULL DEFAULT '{}',
    buckets       jsonb,
    session_id    uuid,
    hash          bytea NOT NULL,
    PRIMARY KEY (user_id, seq)
);
CREATE UNIQUE INDEX usage_logs_operation_idx ON usage_logs (user_id, operation_id) WHERE operation_id IS NOT NULL;
CREATE INDEX usage_logs_created_idx ON usage_logs USING brin (created_at);

CREATE TABLE tool_sessions (
    user_id            uuid NOT NULL,
    id                 uuid NOT NULL,
    tool_id            text NOT NULL,
    operation_id       text NOT NULL,
    credits_consumed   integer NOT NULL CHECK (credits_consumed >= 0),
    created_at         timestamptz NOT NULL,
    expires_at         timestamptz NOT NULL,
    ended_at           timestamptz,
    PRIMARY KEY (user_id, id)
);
CREATE INDEX tool_sessions_live_idx ON tool_sessions (user_id, tool_id, expires_at) WHERE ended_at IS NULL;

-- Plans and tools are public; everything else is seen by its owner alone.
GRANT SELECT ON plans, tools TO anon, authenticated, aurion_service;
GRANT SELECT ON profiles, user_plans, user_credits, credit_grants, usage_logs, tool_sessions TO authenticated;
GRANT UPDATE (full_name, locale, theme, updated_at) ON profiles TO authenticated;
GRANT SELECT, UPDATE ON profiles TO aurion_service;
GRANT SELECT ON user_plans, user_credits, credit_grants, usage_logs TO aurion_service;
GRANT SELECT, UPDATE ON tool_sessions TO aurion_service;

ALTER TABLE plans ENABLE ROW LEVEL SECURITY;
ALTER TABLE tools ENABLE ROW LEVEL SECURITY;
CREATE POLICY everyone ON plans FOR SELECT USING (true);
CREATE POLICY everyone ON tools FOR SELECT USING (true);

ALTER TABLE profiles ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON profiles TO authenticated USING (id = (SELECT auth.uid())) WITH CHECK (id = (SELECT auth.uid()));
CREATE POLICY service ON profiles TO aurion_service USING (true) WITH CHECK (true);

DO $$
DECLARE v_table text;
BEGIN
    FOREACH v_table IN ARRAY ARRAY['user_plans', 'user_credits', 'credit_grants', 'usage_logs', 'tool_sessions'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', v_table);
        EXECUTE format('CREATE POLICY own ON %I FOR SELECT TO authenticated USING (user_id = (SELECT auth.uid()))', v_table);
        EXECUTE format('CREATE POLICY service ON %I TO aurion_service USING (true) WITH CHECK (true)', v_table);
    END LOOP;
END $$;
