-- Takes the user's place for an open payment page of an offer: one for whichever plan, one for each pack. The same offer gets the
-- page that is open (OPEN) or being opened (BEGUN, with the same operation, hence the same page at Stripe). Another offer takes the
-- place; the page before it is closing until Stripe confirms that. SUBSCRIBED, UNKNOWN_OFFER, NO_PRICE: nothing was written.
CREATE OR REPLACE FUNCTION public.begin_purchase(
    p_user_id uuid, p_kind text, p_offer text, p_interval text, p_keep_card boolean, p_operation_id uuid, p_now timestamptz)
RETURNS TABLE (outcome text, operation_id uuid, price_id text, customer_id text, email text, full_name text, session_id text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE
    v_credits integer;
    v_amount  integer;
    v_open    purchases;
BEGIN
    SELECT p.email, p.full_name INTO email, full_name FROM profiles p WHERE p.id = p_user_id FOR NO KEY UPDATE;
    SELECT c.customer_id INTO customer_id FROM stripe_customers c WHERE c.user_id = p_user_id;
    SELECT o.credits INTO v_credits
      FROM (SELECT 'plan' AS kind, plan_type AS id, credits_monthly AS credits FROM plans WHERE monthly_price_cents > 0
             UNION ALL SELECT 'pack', pack_id, credits FROM packs) AS o
     WHERE o.kind = p_kind AND o.id = p_offer;
    SELECT s.price_id, s.unit_amount INTO price_id, v_amount FROM stripe_prices s
     WHERE s.active AND CASE p_kind WHEN 'plan' THEN s.plan_type = p_offer AND s.billing_interval = p_interval ELSE s.pack_id = p_offer END;

    IF v_credits IS NULL THEN outcome := 'UNKNOWN_OFFER';
    ELSIF price_id IS NULL THEN outcome := 'NO_PRICE';
    ELSIF p_kind = 'plan' AND EXISTS (
        SELECT FROM user_subscriptions WHERE user_id = p_user_id AND status IN ('trialing', 'active', 'past_due', 'unpaid', 'paused')) THEN
        outcome := 'SUBSCRIBED';
    END IF;
    IF outcome IS NOT NULL THEN
        RETURN NEXT;
        RETURN;
    END IF;

    SELECT * INTO v_open FROM purchases
     WHERE user_id = p_user_id AND kind = p_kind AND status IN ('creating', 'open') AND (p_kind = 'plan' OR pack_id = p_offer);
    IF v_open.price_id = price_id AND v_open.keep_card = p_keep_card AND v_open.expires_at > p_now + interval '1 minute' THEN
        outcome := CASE v_open.status WHEN 'open' THEN 'OPEN' ELSE 'BEGUN' END;
        operation_id := v_open.operation_id;
        session_id := v_open.session_id;
        RETURN NEXT;
        RETURN;
    END IF;

    UPDATE purchases SET status = CASE WHEN expires_at > p_now THEN 'closing' ELSE 'expired' END
     WHERE user_id = p_user_id AND operation_id = v_open.operation_id;
    INSERT INTO purchases (user_id, operation_id, kind, plan_type, billing_interval, pack_id, price_id, credits, amount, status, keep_card, created_at, expires_at)
    VALUES (p_user_id, p_operation_id, p_kind, CASE p_kind WHEN 'plan' THEN p_offer END, CASE p_kind WHEN 'plan' THEN p_interval END,
            CASE p_kind WHEN 'pack' THEN p_offer END, price_id, v_credits, v_amount, 'creating', p_keep_card, p_now, p_now + interval '24 hours');
    outcome := 'BEGUN';
    operation_id := p_operation_id;
    RETURN NEXT;
END $$;
