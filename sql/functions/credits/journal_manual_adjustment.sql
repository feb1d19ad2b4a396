-- A balance changed by hand in SQL still gets its ledger row: functions of the product move ledger_seq with the figures,
-- a plain UPDATE does not. Credits added by hand to bonus_credits become a grant; credits taken are drawn in burn order.
CREATE OR REPLACE FUNCTION public.journal_manual_adjustment()
RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    v_now      timestamptz := clock_timestamp();
    v_delta    integer := (NEW.total_credits - NEW.used_credits + NEW.bonus_credits)
                        - (OLD.total_credits - OLD.used_credits + OLD.bonus_credits);
    v_metadata jsonb := jsonb_build_object(
        'before', jsonb_build_object('total', OLD.total_credits, 'used', OLD.used_credits, 'bonus', OLD.bonus_credits),
        'after', jsonb_build_object('total', NEW.total_credits, 'used', NEW.used_credits, 'bonus', NEW.bonus_credits));
    v_buckets  jsonb;
BEGIN
    NEW.ledger_seq := OLD.ledger_seq + 1;
    IF NEW.bonus_credits > OLD.bonus_credits THEN
        INSERT INTO credit_grants (user_id, id, source, source_ref, amount, remaining, effective_at)
        VALUES (NEW.user_id, gen_random_uuid(), 'manual', NEW.ledger_seq::text,
                NEW.bonus_credits - OLD.bonus_credits, NEW.bonus_credits - OLD.bonus_credits, v_now);
    ELSIF NEW.bonus_credits < OLD.bonus_credits THEN
        v_buckets := draw_grants(NEW.user_id, OLD.bonus_credits - NEW.bonus_credits, '-infinity');
    END IF;

    NEW.ledger_hash := ledger_hash(OLD.ledger_hash, NEW.user_id, NEW.ledger_seq, v_now, 'manual_adjustment', 0, v_delta,
        NEW.total_credits - NEW.used_credits + NEW.bonus_credits, NULL, session_user, v_metadata, v_buckets, NULL);
    INSERT INTO usage_logs (user_id, seq, created_at, action_type, credits_used, delta, balance_after, actor, metadata, buckets, hash)
    VALUES (NEW.user_id, NEW.ledger_seq, v_now, 'manual_adjustment', 0, v_delta,
            NEW.total_credits - NEW.used_credits + NEW.bonus_credits, session_user, v_metadata, v_buckets, NEW.ledger_hash);
    PERFORM pg_notify('aurion_balance', NEW.user_id::text);
    RETURN NEW;
END $$;

CREATE OR REPLACE TRIGGER user_credits_manual BEFORE UPDATE ON public.user_credits
    FOR EACH ROW WHEN (NEW.ledger_seq = OLD.ledger_seq AND
        (NEW.total_credits, NEW.used_credits, NEW.bonus_credits) IS DISTINCT FROM (OLD.total_credits, OLD.used_credits, OLD.bonus_credits))
    EXECUTE FUNCTION public.journal_manual_adjustment();
