-- Closes an account: every session ends, nobody signs in any more, name and address are forgotten and the address is free again,
-- conversations are deleted, automatic top-ups stop, and jobs close the payment pages that are open and cancel the contract at
-- Stripe. What was bought, paid and spent stays in the books.
CREATE OR REPLACE FUNCTION public.close_account(p_user_id uuid, p_now timestamptz)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    v_contract record;
BEGIN
    DELETE FROM account_credentials WHERE user_id = p_user_id;
    UPDATE account_sessions SET revoked_at = p_now WHERE user_id = p_user_id AND revoked_at IS NULL;
    UPDATE tool_sessions SET ended_at = p_now WHERE user_id = p_user_id AND ended_at IS NULL AND expires_at > p_now;
    UPDATE purchases SET status = 'closing' WHERE user_id = p_user_id AND status = 'open';
    DELETE FROM conversations WHERE user_id = p_user_id;
    UPDATE profiles SET email = '', full_name = NULL, updated_at = p_now WHERE id = p_user_id;
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
END $$;
