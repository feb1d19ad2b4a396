-- Writes what one read of Stripe showed and converges the account to it, in one transaction under the customer's lock.
-- p_read_seq was taken before the read began: of two reads, the one that began later wins, whichever is written last.
-- Outcomes: APPLIED, UNCHANGED, UNKNOWN_CUSTOMER, FOREIGN, UNKNOWN_PRICE, UNEXPECTED_LINE, SECOND_SUBSCRIPTION, FOREIGN_SESSION,
-- UNEXPECTED_AMOUNT; all but the first two have changed nothing of the account, and detail says what stood in the way. Of those two, it names
-- paid lines that give nothing.
-- What it calls for each event is in PL/pgSQL, which is planned once a connection; SQL would be planned at each call.
CREATE OR REPLACE FUNCTION public.apply_stripe_snapshot(p_snapshot jsonb, p_read_seq bigint, p_now timestamptz)
RETURNS TABLE (outcome text, detail text, user_id uuid)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    v_customer text := p_snapshot ->> 'customer_id';
    v_user     uuid;
    v_invoice  jsonb;
    v_payment  jsonb;
    v_changed  boolean := false;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('stripe:' || v_customer, 0));
    v_user := find_billing_user(v_customer, (p_snapshot ->> 'claimed_user')::uuid, p_now);
    IF v_user IS NULL THEN
        -- What was made for a person of ours says so in its metadata. What does not, and sells nothing of ours, is another product's.
        RETURN QUERY SELECT CASE WHEN p_snapshot ->> 'claimed_user' IS NOT NULL OR EXISTS (
                   SELECT FROM stripe_prices p
                    WHERE p.price_id IN (p_snapshot -> 'subscription' ->> 'price', p_snapshot -> 'subscription' ->> 'item_price', p_snapshot -> 'purchase' ->> 'price')
                       OR p.price_id IN (SELECT line ->> 'price' FROM jsonb_array_elements(p_snapshot -> 'invoices') AS i, jsonb_array_elements(i -> 'lines') AS line))
               THEN 'UNKNOWN_CUSTOMER' ELSE 'FOREIGN' END, v_customer, v_user;
        RETURN;
    END IF;

    SELECT f.fault, f.what INTO outcome, detail
      FROM (SELECT * FROM stripe_snapshot_fault(p_snapshot, v_user) UNION ALL SELECT * FROM stripe_purchase_fault(p_snapshot, v_user)) AS f LIMIT 1;
    IF outcome = 'SECOND_SUBSCRIPTION' THEN
        -- Written all the same: it is paid for, and a job undoes it.
        INSERT INTO duplicate_subscriptions (user_id, subscription_id, kept_subscription_id, found_at)
        SELECT v_user, p_snapshot -> 'subscription' ->> 'id', o.subscription_id, p_now FROM user_subscriptions o
         WHERE o.user_id = v_user AND o.status IN ('trialing', 'active', 'past_due', 'unpaid', 'paused')
            ON CONFLICT DO NOTHING;
    END IF;
    IF outcome IS NOT NULL THEN
        RETURN QUERY SELECT outcome, detail, v_user;
        RETURN;
    END IF;
    -- Nothing stands beside it any more: it takes the place of the one that ended.
    DELETE FROM duplicate_subscriptions d
     WHERE d.user_id = v_user AND d.subscription_id = p_snapshot -> 'subscription' ->> 'id' AND d.ended_at IS NULL
       AND p_snapshot -> 'subscription' ->> 'status' IN ('trialing', 'active', 'past_due', 'unpaid', 'paused');

    IF p_snapshot -> 'checkout' IS NOT NULL THEN
        v_changed := mirror_checkout(v_user, p_snapshot -> 'checkout', p_read_seq, p_now) OR v_changed;
    END IF;
    IF p_snapshot -> 'subscription' IS NOT NULL THEN
        v_changed := mirror_subscription(v_user, p_snapshot -> 'subscription', p_read_seq, p_now) OR v_changed;
    END IF;
    FOR v_invoice IN SELECT jsonb_array_elements(p_snapshot -> 'invoices') LOOP
        v_changed := mirror_invoice(v_user, v_invoice, p_read_seq) OR v_changed;
    END LOOP;
    FOR v_payment IN SELECT jsonb_array_elements(p_snapshot -> 'payments') LOOP
        v_changed := mirror_payment(v_user, v_payment, p_read_seq, p_now) OR v_changed;
    END LOOP;
    IF p_snapshot -> 'purchase' IS NOT NULL THEN
        v_changed := mirror_purchase(v_user, p_snapshot -> 'purchase', p_read_seq, p_now) OR v_changed;
    END IF;
    v_changed := converge_billing(v_user, p_now) OR v_changed;
    v_changed := converge_packs(v_user, p_now) OR v_changed;
    IF v_changed THEN
        PERFORM write_billing_mails(v_user, p_read_seq, p_now);
    END IF;
    RETURN QUERY SELECT CASE WHEN v_changed THEN 'APPLIED' ELSE 'UNCHANGED' END, stripe_unknown_lines(p_snapshot), v_user;
END $$;
