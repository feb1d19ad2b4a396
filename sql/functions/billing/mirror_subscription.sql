-- Keeps what Stripe showed of a subscription, unless a later read is already kept. An ended subscription stays ended.
CREATE OR REPLACE FUNCTION public.mirror_subscription(p_user_id uuid, p_subscription jsonb, p_read_seq bigint, p_now timestamptz)
RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    v_new user_subscriptions := jsonb_populate_record(NULL::user_subscriptions, p_subscription);
    v_old user_subscriptions;
BEGIN
    SELECT * INTO v_old FROM user_subscriptions WHERE user_id = p_user_id AND subscription_id = p_subscription ->> 'id';
    v_new.user_id := p_user_id;
    v_new.subscription_id := p_subscription ->> 'id';
    v_new.price_id := p_subscription ->> 'price';
    v_new.read_seq := v_old.read_seq;
    SELECT plan_type, billing_interval INTO v_new.plan_type, v_new.billing_interval FROM stripe_prices WHERE price_id = v_new.price_id;
    v_new.plan_type := coalesce(v_new.plan_type, 'unknown');
    v_new.billing_interval := coalesce(v_new.billing_interval, 'unknown');

    IF v_old.read_seq > p_read_seq OR v_old IS NOT DISTINCT FROM v_new
       OR (v_old.status IN ('canceled', 'incomplete_expired') AND v_new.status <> v_old.status) THEN
        RETURN false;
    END IF;
    v_new.read_seq := p_read_seq;
    DELETE FROM user_subscriptions WHERE user_id = p_user_id AND subscription_id = v_new.subscription_id;
    INSERT INTO user_subscriptions SELECT v_new.*;
    IF (v_new.status = 'canceled' OR v_new.cancel_at_period_end OR v_new.cancel_at IS NOT NULL)
       AND NOT (v_old.status = 'canceled' OR v_old.cancel_at_period_end OR v_old.cancel_at IS NOT NULL) THEN
        -- Who ends the contract expects no more charges, unless they said so while cancelling with us.
        PERFORM disarm_top_up(p_user_id, 'cancelled', p_now)
           FROM top_up_settings WHERE user_id = p_user_id AND NOT survives_cancellation;
    ELSIF v_new.status <> 'canceled' AND NOT v_new.cancel_at_period_end AND v_new.cancel_at IS NULL THEN
        UPDATE top_up_settings SET survives_cancellation = false WHERE user_id = p_user_id AND survives_cancellation
           AND (v_old.cancel_at_period_end OR v_old.cancel_at IS NOT NULL);
    END IF;
    RETURN true;
END $$;
