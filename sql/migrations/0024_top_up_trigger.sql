-- Automatic top-ups are triggered by spending and by nothing else. judged_seq: the account's ledger row up to which spending was
-- judged, first when the person switches on; low_at: when a spend was last seen to have left fewer credits than the threshold.
-- survives_cancellation: the person asked to keep top-ups while cancelling the plan.
ALTER TABLE top_up_settings
    ADD COLUMN judged_seq            bigint NOT NULL DEFAULT 0,
    ADD COLUMN low_at                timestamptz,
    ADD COLUMN survives_cancellation boolean NOT NULL DEFAULT false;
UPDATE top_up_settings s SET judged_seq = c.ledger_seq FROM user_credits c WHERE c.user_id = s.user_id;
CREATE INDEX top_up_settings_low_idx ON top_up_settings (low_at) WHERE low_at IS NOT NULL;

-- They take the time, now.
DROP FUNCTION IF EXISTS public.mirror_subscription(uuid, jsonb, bigint);
DROP FUNCTION IF EXISTS public.mirror_payment(uuid, jsonb, bigint);
