-- Takes one intent for a while: the named one, else the one that has been due for longest. Nobody's is taken while a worker may
-- still be making a call for an earlier one of the same person; a worker that died lets go when its time is over.
CREATE OR REPLACE FUNCTION public.claim_plan_change(p_user_id uuid, p_intent_id uuid, p_now timestamptz)
RETURNS SETOF plan_change_intents LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    c_lease CONSTANT interval := interval '2 minutes';
    v_due plan_change_intents;
BEGIN
    SELECT i.* INTO v_due FROM plan_change_intents i
     WHERE i.state IN ('waiting', 'confirming') AND (p_intent_id IS NULL AND i.next_attempt_at <= p_now OR i.user_id = p_user_id AND i.intent_id = p_intent_id)
       AND NOT EXISTS (SELECT FROM plan_change_intents o WHERE o.user_id = i.user_id AND o.claimed_until > p_now)
     ORDER BY i.next_attempt_at LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED;
    RETURN QUERY
    UPDATE plan_change_intents SET claimed_until = p_now + c_lease, attempts = attempts + 1
     WHERE user_id = v_due.user_id AND intent_id = v_due.intent_id
    RETURNING *;
END $$;
