-- Ends here a subscription that Stripe does not know (keys of another account or mode): what is paid stays until its end, nothing renews.
-- Returns its owner, or NULL when it is not alive here.
CREATE OR REPLACE FUNCTION public.end_missing_subscription(p_subscription_id text, p_now timestamptz)
RETURNS uuid LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    v_user uuid;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('stripe:' || customer_id, 0)) FROM user_subscriptions WHERE subscription_id = p_subscription_id;
    UPDATE user_subscriptions SET status = 'canceled', canceled_at = coalesce(canceled_at, p_now), ended_at = p_now
     WHERE subscription_id = p_subscription_id AND status IN ('trialing', 'active', 'past_due', 'unpaid', 'paused')
    RETURNING user_id INTO v_user;
    IF v_user IS NOT NULL THEN
        PERFORM disarm_top_up(v_user, 'cancelled', p_now);
        PERFORM converge_billing(v_user, p_now);
    END IF;
    RETURN v_user;
END $$;
