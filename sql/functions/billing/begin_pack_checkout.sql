-- Takes the user's place for an open payment page of a pack. The same wish gets the page that is open (OPEN) or being opened
-- (BEGUN, with the same operation, hence the same page at Stripe). UNKNOWN_PACK, NO_PRICE: nothing was written.
CREATE OR REPLACE FUNCTION public.begin_pack_checkout(p_user_id uuid, p_pack text, p_keep_card boolean, p_operation_id uuid, p_now timestamptz)
RETURNS TABLE (outcome text, operation_id uuid, price_id text, customer_id text, email text, full_name text, session_id text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE
    v_pack packs;
    v_open pack_purchases;
    v_unit integer;
BEGIN
    SELECT p.email, p.full_name INTO email, full_name FROM profiles p WHERE p.id = p_user_id FOR NO KEY UPDATE;
    SELECT c.customer_id INTO customer_id FROM stripe_customers c WHERE c.user_id = p_user_id;
    SELECT * INTO v_pack FROM packs WHERE pack_id = p_pack;
    SELECT s.price_id, s.unit_amount INTO price_id, v_unit FROM stripe_pack_prices s WHERE s.pack_id = p_pack AND s.active;
    IF v_pack.pack_id IS NULL OR price_id IS NULL THEN
        outcome := CASE WHEN v_pack.pack_id IS NULL THEN 'UNKNOWN_PACK' ELSE 'NO_PRICE' END;
        RETURN NEXT;
        RETURN;
    END IF;

    SELECT * INTO v_open FROM pack_purchases
     WHERE user_id = p_user_id AND pack_id = p_pack AND kind = 'checkout' AND status IN ('creating', 'open');
    IF v_open.price_id = price_id AND v_open.keep_card = p_keep_card AND v_open.expires_at > p_now + interval '1 minute' THEN
        outcome := CASE v_open.status WHEN 'open' THEN 'OPEN' ELSE 'BEGUN' END;
        operation_id := v_open.operation_id;
        session_id := v_open.session_id;
        RETURN NEXT;
        RETURN;
    END IF;

    -- A page that is set aside can still be paid at Stripe, and then gives what was paid for.
    UPDATE pack_purchases SET status = 'expired' WHERE user_id = p_user_id AND operation_id = v_open.operation_id;
    INSERT INTO pack_purchases (user_id, operation_id, kind, pack_id, price_id, credits, amount, status, keep_card, created_at, expires_at)
    VALUES (p_user_id, p_operation_id, 'checkout', p_pack, price_id, v_pack.credits, v_unit, 'creating', p_keep_card, p_now, p_now + interval '24 hours');
    outcome := 'BEGUN';
    operation_id := p_operation_id;
    RETURN NEXT;
END $$;
