-- Writes what a person wants of their subscription; the latest wish is the one that holds. The same intent twice is one.
-- A call of an earlier one may still be on its way: it ends first, which claim_plan_change waits for.
CREATE OR REPLACE FUNCTION public.begin_plan_change(p_intent plan_change_intents, p_stop_top_ups boolean)
RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM FROM user_plans WHERE user_id = p_intent.user_id FOR NO KEY UPDATE;
    IF EXISTS (SELECT FROM plan_change_intents WHERE user_id = p_intent.user_id AND intent_id = p_intent.intent_id) THEN
        RETURN false;
    END IF;
    UPDATE plan_change_intents SET state = 'superseded', finished_at = p_intent.created_at
     WHERE user_id = p_intent.user_id AND state IN ('waiting', 'confirming');
    INSERT INTO plan_change_intents SELECT p_intent.*;
    IF p_stop_top_ups THEN
        PERFORM stop_top_up(p_intent.user_id, p_intent.created_at);
    ELSIF p_intent.kind = 'cancel' THEN
        -- The person saw that they are on, and left them on.
        UPDATE top_up_settings SET survives_cancellation = true WHERE user_id = p_intent.user_id AND enabled AND paused_at IS NULL;
    END IF;
    RETURN true;
END $$;
