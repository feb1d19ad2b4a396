-- Pictures that engines draw from a sentence.
UPDATE tools SET status = 'live' WHERE tool_id = 'image-generation';

-- What draws is a model like what writes: switched off, priced by version, counted in the margins. It reads no tokens.
ALTER TABLE ai_models ADD COLUMN kind text NOT NULL DEFAULT 'text' CHECK (kind IN ('text', 'image'));
ALTER TABLE ai_models ALTER COLUMN context_tokens DROP NOT NULL, ALTER COLUMN answer_tokens DROP NOT NULL,
    ADD CHECK (kind <> 'text' OR (context_tokens IS NOT NULL AND answer_tokens IS NOT NULL));
-- The provider's price of one picture in micro-dollars: the cost of a run whose provider reports none.
ALTER TABLE model_prices ADD COLUMN unit_price bigint NOT NULL DEFAULT 0 CHECK (unit_price >= 0);

INSERT INTO ai_models (model_id, kind, name, description, min_plan, sort) VALUES
    ('freepik/flux-dev',               'image', 'Flux Dev',   'Quick, close to the prompt', 'free', 101),
    ('black-forest-labs/flux.2-pro',   'image', 'FLUX.2 Pro', 'Fine detail and lettering',  'free', 102),
    ('freepik/mystic',                 'image', 'Mystic',     'Photographs of 2048 pixels', 'plus', 103);
-- Prices as the providers published them, Freepik's from euros and second-hand: another version corrects them.
INSERT INTO model_prices (model_id, version, prompt_price, completion_price, unit_price, microdollars_per_credit, valid_from) VALUES
    ('freepik/flux-dev',             1, 0, 0,  15000, NULL, '2026-01-01'),
    ('black-forest-labs/flux.2-pro', 1, 0, 0,  30000, NULL, '2026-01-01'),
    ('freepik/mystic',               1, 0, 0, 115000, 2000, '2026-01-01');

-- What a person asked for. Its pictures are written with it, before a provider is called.
CREATE TABLE picture_batches (
    user_id    uuid NOT NULL,
    id         uuid NOT NULL,
    prompt     text NOT NULL,
    style      text NOT NULL,
    size       text NOT NULL,
    model_id   text NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (user_id, id)
);
CREATE INDEX picture_batches_created_at_idx ON picture_batches (user_id, created_at DESC, id DESC);

-- A picture has the id of its hold. While it is open next_attempt_at is the lease of whoever works on it, or when that is due.
-- task_id: the provider's, once it has begun. asks and copies: attempts to begin it, and to fetch what it has become.
CREATE TABLE pictures (
    user_id         uuid NOT NULL,
    id              uuid NOT NULL,
    batch_id        uuid NOT NULL,
    place           smallint NOT NULL,
    seed            bigint NOT NULL,
    state           text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'drawing', 'done', 'refused', 'failed', 'stopped')),
    reason          text,
    task_id         text,
    asks            smallint NOT NULL DEFAULT 0,
    copies          smallint NOT NULL DEFAULT 0,
    created_at      timestamptz NOT NULL,
    next_attempt_at timestamptz NOT NULL,
    width           integer,
    height          integer,
    credits         integer,
    ledger_seq      bigint,
    closed_at       timestamptz,
    PRIMARY KEY (user_id, id),
    FOREIGN KEY (user_id, batch_id) REFERENCES picture_batches ON DELETE CASCADE,
    CHECK ((state IN ('waiting', 'drawing')) = (closed_at IS NULL)),
    CHECK ((state = 'done') = (width IS NOT NULL AND height IS NOT NULL))
);
CREATE INDEX pictures_batch_id_idx ON pictures (user_id, batch_id, place);
CREATE INDEX pictures_due_idx ON pictures (next_attempt_at) WHERE closed_at IS NULL;

CREATE TABLE picture_files (
    user_id    uuid NOT NULL,
    picture_id uuid NOT NULL,
    kind       text NOT NULL CHECK (kind IN ('picture', 'thumbnail')),
    content    bytea NOT NULL,
    PRIMARY KEY (user_id, picture_id, kind),
    FOREIGN KEY (user_id, picture_id) REFERENCES pictures ON DELETE CASCADE
);
-- A JPEG does not get smaller.
ALTER TABLE picture_files ALTER COLUMN content SET STORAGE EXTERNAL;

GRANT SELECT ON picture_batches, pictures, picture_files TO authenticated;
GRANT SELECT, DELETE ON picture_batches TO aurion_service;
GRANT SELECT, DELETE, UPDATE ON pictures TO aurion_service;
GRANT SELECT, INSERT, UPDATE ON picture_files TO aurion_service;

DO $$
DECLARE v_table text;
BEGIN
    FOREACH v_table IN ARRAY ARRAY['picture_batches', 'pictures', 'picture_files'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', v_table);
        EXECUTE format('CREATE POLICY own ON %I FOR SELECT TO authenticated USING (user_id = (SELECT auth.uid()))', v_table);
        EXECUTE format('CREATE POLICY service ON %I TO aurion_service USING (true) WITH CHECK (true)', v_table);
    END LOOP;
END $$;
