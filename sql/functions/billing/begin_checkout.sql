-- Takes the user's one place for an open payment page. The same plan gets the page that is open (OPEN) or being opened
-- (BEGUN, with the same operation, hence the same page at Stripe); another plan replaces it, and the caller closes the old one.
CREATE OR REPLACE FUNCTION public.begin_checkout(p_user_id uuid, p_plan text, p_interval text, p_operation_id uuid, p_now timestamptz)
RETURNS TABLE (outcome text, operation_id uuid, price_id text, customer_id text, email text, full_name text, session_id text, replaced_session_id text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE
    v_open stripe_sessions;
BEGIN
    SELECT p.email, p.full_name INTO email, full_name FROM profiles p WHERE p.id = p_user_id FOR NO KEY UPDATE;
    SELECT c.customer_id INTO customer_id FROM stripe_customers c WHERE c.user_id = p_user_id;
    SELECT s.price_id INTO price_id FROM stripe_prices s WHERE s.plan_type = p_plan AND s.billing_interval = p_interval AND s.active;

    IF NOT EXISTS (SELECT FROM plans WHERE plan_type = p_plan AND monthly_price_cents > 0) THEN outcome := 'UNKNOWN_PLAN';
    ELSIF price_id IS NULL THEN outcome := 'NO_PRICE';
    ELSIF EXISTS (SELECT FROM user_subscriptions WHERE user_id = p_user_id AND status IN ('trialing', 'active', 'past_due', 'unpaid', 'paused')) THEN
        outcome := 'SUBSCRIBED';
    END IF;
    IF outcome IS NOT NULL THEN
        RETURN NEXT;
        RETURN;
    END IF;

    SELECT * INTO v_open FROM stripe_sessions WHERE user_id = p_user_id AND status IN ('creating', 'open');
    IF v_open.price_id = price_id AND v_open.expires_at > p_now + interval '1 minute' THEN
        outcome := CASE v_open.status WHEN 'open' THEN 'OPEN' ELSE 'BEGUN' END;
        operation_id := v_open.operation_id;
        session_id := v_open.session_id;
        RETURN NEXT;
        RETURN;
    END IF;

    UPDATE stripe_sessions SET status = CASE WHEN expires_at > p_now THEN 'replaced' ELSE 'expired' END
     WHERE user_id = p_user_id AND status IN ('creating', 'open')
    RETURNING stripe_sessions.session_id INTO replaced_session_id;
    INSERT INTO stripe_sessions (user_id, operation_id, plan_type, billing_interval, price_id, status, created_at, expires_at)
    VALUES (p_user_id, p_operation_id, p_plan, p_interval, price_id, 'creating', p_now, p_now + interval '24 hours');
    outcome := 'BEGUN';
    operation_id := p_operation_id;
    RETURN NEXT;
END $$;
