-- Keeps what Stripe showed of a subscription, unless a later read is already kept. An ended subscription stays ended.
CREATE OR REPLACE FUNCTION public.mirror_subscription(p_user_id uuid, p_subscription jsonb, p_read_seq bigint)
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
    RETURN true;
END $$;
