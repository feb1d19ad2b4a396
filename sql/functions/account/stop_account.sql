-- Stops whatever an account does by itself or through open doors: sessions and tool sessions end, payment pages close, automatic
-- top-ups stop, and a job cancels the contract at Stripe. Returns the sessions that ended.
CREATE OR REPLACE FUNCTION public.stop_account(p_user_id uuid, p_now timestamptz)
RETURNS uuid[] LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    v_contract record;
    v_ended    uuid[];
BEGIN
    WITH ended AS (
        UPDATE account_sessions SET revoked_at = p_now WHERE user_id = p_user_id AND revoked_at IS NULL
        RETURNING id)
    SELECT coalesce(array_agg(id), '{}') INTO v_ended FROM ended;
    UPDATE tool_sessions SET ended_at = p_now WHERE user_id = p_user_id AND ended_at IS NULL AND expires_at > p_now;
    UPDATE purchases SET status = 'closing' WHERE user_id = p_user_id AND status = 'open';
    PERFORM stop_top_up(p_user_id, p_now);

    SELECT s.subscription_id, s.plan_type, s.billing_interval, s.current_period_end INTO v_contract
      FROM user_subscriptions s
     WHERE s.user_id = p_user_id AND s.status NOT IN ('incomplete', 'incomplete_expired', 'canceled') AND NOT s.cancel_at_period_end
     ORDER BY s.created_at DESC LIMIT 1;
    IF FOUND THEN
        PERFORM begin_plan_change(jsonb_populate_record(NULL::plan_change_intents, jsonb_build_object(
            'user_id', p_user_id, 'intent_id', gen_random_uuid(), 'kind', 'cancel', 'subscription_id', v_contract.subscription_id,
            'plan_type', v_contract.plan_type, 'billing_interval', v_contract.billing_interval, 'due_cents', 0, 'credits_after', 0,
            'effective_at', v_contract.current_period_end, 'undoes_ending', false, 'state', 'waiting', 'attempts', 0, 'key_attempt', 1,
            'next_attempt_at', p_now, 'created_at', p_now)), true);
    END IF;
    RETURN v_ended;
END $$;
