-- Keeps what Stripe showed of a payment for a pack, unless a later read is already kept. The pack is that of the price paid.
CREATE OR REPLACE FUNCTION public.mirror_purchase(p_user_id uuid, p_purchase jsonb, p_read_seq bigint, p_now timestamptz)
RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    v_id  text := coalesce(p_purchase ->> 'session_id', p_purchase ->> 'payment_intent_id');
    v_old purchases;
    v_new purchases;
BEGIN
    SELECT * INTO v_old FROM purchases
     WHERE user_id = p_user_id AND (session_id = v_id OR payment_intent_id = v_id OR operation_id = (p_purchase ->> 'operation_id')::uuid)
     ORDER BY session_id = v_id OR payment_intent_id = v_id DESC NULLS LAST LIMIT 1;
    -- A page of ours that was opened twice, or one that we did not open, has a row of its own once it is paid.
    IF v_old.session_id <> p_purchase ->> 'session_id' THEN
        v_old := NULL;
    END IF;
    IF v_old.user_id IS NULL AND p_purchase ->> 'status' <> 'complete' OR v_old.read_seq > p_read_seq THEN
        RETURN false;
    END IF;

    v_new := jsonb_populate_record(v_old, p_purchase - 'operation_id');
    IF v_old.user_id IS NULL THEN
        v_new.user_id := p_user_id;
        v_new.operation_id := md5(v_id)::uuid;
        v_new.kind := CASE WHEN v_new.session_id IS NULL THEN 'top_up' ELSE 'pack' END;
        v_new.keep_card := false;
        v_new.written_off := 0;
        v_new.created_at := p_now;
    END IF;
    IF v_new.granted_at IS NULL AND v_new.status = 'complete' THEN
        SELECT p.pack_id, p.price_id, k.credits, p.unit_amount INTO v_new.pack_id, v_new.price_id, v_new.credits, v_new.amount
          FROM stripe_prices p JOIN packs k USING (pack_id) WHERE p.price_id = p_purchase ->> 'price';
    END IF;
    v_new.status := page_status(v_old.status, v_new.status);
    v_new.dispute_status := p_purchase ->> 'dispute_status';
    v_new.url := CASE WHEN v_new.status = 'open' THEN v_old.url END;
    v_new.read_seq := v_old.read_seq;
    IF v_new.pack_id IS NULL OR v_old IS NOT DISTINCT FROM v_new THEN
        RETURN false;
    END IF;
    v_new.read_seq := p_read_seq;
    -- A card whose owner did not want a payment, or got it back, is not asked for another one.
    IF v_new.amount_lost > coalesce(v_old.amount_lost, 0) THEN
        PERFORM disarm_top_up(p_user_id, 'disputed', p_now);
    ELSIF v_new.kind = 'top_up' AND v_new.amount_refunded > coalesce(v_old.amount_refunded, 0) THEN
        PERFORM disarm_top_up(p_user_id, 'refunded', p_now);
    END IF;
    IF v_old.user_id IS NULL THEN
        INSERT INTO purchases SELECT v_new.*;
        RETURN true;
    END IF;
    -- In place: whoever waits for the row, to keep the page that Stripe opened, must find it again.
    UPDATE purchases
       SET pack_id = v_new.pack_id, price_id = v_new.price_id, credits = v_new.credits, amount = v_new.amount,
           status = v_new.status, payment_status = v_new.payment_status, session_id = v_new.session_id, payment_intent_id = v_new.payment_intent_id,
           amount_paid = v_new.amount_paid, amount_refunded = v_new.amount_refunded, amount_disputed = v_new.amount_disputed,
           amount_lost = v_new.amount_lost, dispute_status = v_new.dispute_status,
           url = v_new.url, read_seq = v_new.read_seq
     WHERE user_id = p_user_id AND operation_id = v_new.operation_id;
    RETURN true;
END $$;
