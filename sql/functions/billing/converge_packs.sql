-- Brings an account's packs to what Stripe's mirror says: gives each paid one once, holds it while all of it is disputed, and brings
-- what was taken to a target, both ways: granted × money gone / paid, rounded down on the sum. What is left of the pack goes
-- first; what was spent is written off, until some of it comes back. Any order of arrival, any repetition ends in one state.
-- Returns whether something changed. The caller holds the customer's lock.
CREATE OR REPLACE FUNCTION public.converge_packs(p_user_id uuid, p_now timestamptz)
RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    v_account  user_credits;
    v_purchase purchases;
    v_grant    credit_grants;
    v_ref      text;
    v_target   integer;
    v_change   integer;
    v_frozen   timestamptz;
    v_any      boolean := false;
    v_written_off integer;
BEGIN
    PERFORM FROM user_credits WHERE user_id = p_user_id FOR NO KEY UPDATE;
    FOR v_purchase IN
        SELECT * FROM purchases
         WHERE user_id = p_user_id AND kind <> 'plan' AND status = 'complete' AND payment_status IN ('paid', 'no_payment_required')
           AND (granted_at IS NULL OR amount_refunded > 0 OR dispute_status IS NOT NULL OR written_off > 0
                OR EXISTS (SELECT FROM credit_grants g WHERE g.user_id = p_user_id AND g.id = operation_id AND g.clawed_back > 0))
         ORDER BY created_at, operation_id
    LOOP
        v_ref := coalesce('stripe_checkout:' || v_purchase.session_id, 'stripe_payment:' || v_purchase.payment_intent_id);
        SELECT * INTO STRICT v_account FROM user_credits WHERE user_id = p_user_id;
        INSERT INTO credit_grants (user_id, id, source, source_ref, amount, remaining, effective_at)
        VALUES (p_user_id, v_purchase.operation_id, 'pack', v_ref, v_purchase.credits, v_purchase.credits, p_now)
            ON CONFLICT (user_id, source, source_ref) DO NOTHING;
        IF FOUND THEN
            PERFORM record_movement(p_user_id, v_account.total_credits, v_account.used_credits, v_account.bonus_credits + v_purchase.credits,
                CASE v_purchase.kind WHEN 'top_up' THEN 'credits_topped_up' ELSE 'credits_purchased' END, 0, v_ref, 'stripe',
                jsonb_build_object('credits_granted', v_purchase.credits, 'pack', v_purchase.pack_id, 'price', v_purchase.price_id, 'paid', v_purchase.amount_paid), NULL, p_now);
            SELECT * INTO STRICT v_account FROM user_credits WHERE user_id = p_user_id;
            UPDATE purchases SET granted_at = p_now WHERE user_id = p_user_id AND operation_id = v_purchase.operation_id;
            v_any := true;
        END IF;

        SELECT * INTO STRICT v_grant FROM credit_grants WHERE user_id = p_user_id AND source = 'pack' AND source_ref = v_ref;
        v_frozen := CASE WHEN disputes_all(v_purchase.amount_paid, v_purchase.amount_refunded, v_purchase.amount_lost, v_purchase.amount_disputed)
                         THEN coalesce(v_grant.frozen_at, p_now) END;
        v_target := CASE WHEN v_purchase.amount_paid > 0 THEN floor(v_grant.amount::numeric
                      * money_gone(v_purchase.amount_paid, v_purchase.amount_refunded, v_purchase.amount_lost, v_purchase.amount_disputed)
                      / v_purchase.amount_paid) ELSE 0 END;
        -- positive: taken; negative: given back
        v_change := least(v_target, v_grant.clawed_back + v_grant.remaining) - v_grant.clawed_back;
        v_written_off := v_target - v_grant.clawed_back - v_change;
        IF v_change <> 0 OR v_purchase.written_off <> v_written_off THEN
            UPDATE purchases SET written_off = v_written_off WHERE user_id = p_user_id AND operation_id = v_purchase.operation_id;
            UPDATE credit_grants SET clawed_back = clawed_back + v_change, remaining = remaining - v_change WHERE user_id = p_user_id AND id = v_grant.id;
            PERFORM record_movement(p_user_id, v_account.total_credits, v_account.used_credits, v_account.bonus_credits - v_change,
                CASE WHEN v_change < 0 THEN 'credits_restored' ELSE 'credits_clawed_back' END, 0, claw_key(p_user_id, v_ref, v_target), 'stripe',
                jsonb_build_object('pack', v_purchase.pack_id, 'target', v_target, 'taken', v_change, 'written_off', v_written_off), NULL, p_now);
            v_any := true;
        END IF;
        UPDATE credit_grants SET frozen_at = v_frozen WHERE user_id = p_user_id AND id = v_grant.id AND frozen_at IS DISTINCT FROM v_frozen;
        v_any := FOUND OR v_any;
    END LOOP;
    RETURN v_any;
END $$;
