-- The picture that an agent's person was asked about last, and what it may cost; 0: it is not to be drawn.
ALTER TABLE agent_runs
    ADD COLUMN picture_id    uuid,
    ADD COLUMN picture_price integer NOT NULL DEFAULT 0 CHECK (picture_price >= 0);
