-- Brings an account to what Stripe's mirror says: gives each paid line once, sets the plan, ends it when it is over.
-- Reads the mirror and nothing else, so that any order of arrival, any repetition and any delay end in one state.
-- Returns whether something changed. The caller holds the customer's lock.
CREATE OR REPLACE FUNCTION public.converge_billing(p_user_id uuid, p_now timestamptz)
RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    c_grace CONSTANT interval := interval '7 days';
    v_plan   user_plans;
    v_sub    user_subscriptions;
    v_force  record;
    v_grant  plan_grants;
    v_live   boolean;
    v_undone boolean;
    v_months integer := 0;
    v_refills timestamptz;
    v_ends   boolean;
    v_state  text;
    v_grace  timestamptz;
    v_until  timestamptz;
    v_frozen timestamptz;
    v_has_refunds boolean;
    v_gave   boolean := false;
BEGIN
    PERFORM FROM user_credits WHERE user_id = p_user_id FOR NO KEY UPDATE;
    FOR v_grant IN
        SELECT * FROM plan_grants WHERE user_id = p_user_id AND granted_at IS NULL
         ORDER BY starts_at, opens_period DESC, credits, source_ref
    LOOP
        PERFORM give_plan_credits(v_grant, p_now);
        v_gave := true;
    END LOOP;
    -- Most accounts never had a refund or a dispute, and need none of what follows from one.
    v_has_refunds := EXISTS (SELECT FROM stripe_invoices WHERE user_id = p_user_id AND amount_refunded + amount_lost + amount_disputed > 0)
              OR EXISTS (SELECT FROM plan_grants WHERE user_id = p_user_id AND clawed_back + written_off > 0)
              OR EXISTS (SELECT FROM credit_grants WHERE user_id = p_user_id AND source = 'plan' AND frozen_at IS NOT NULL);
    IF v_has_refunds THEN
        v_gave := claw_back_refunds(p_user_id, p_now) OR v_gave;
        -- What a period that was cut short has left waits while a bank looks into all that paid for it.
        UPDATE credit_grants c SET frozen_at = f.frozen_at
          FROM (SELECT k.id, CASE WHEN EXISTS (
                           SELECT FROM plan_lines(p_user_id) l JOIN plan_lines(p_user_id) mine ON mine.source_ref = k.source_ref AND mine.period = l.period
                             JOIN plan_grants g ON g.user_id = p_user_id AND g.source_ref = l.source_ref
                             JOIN stripe_invoices i ON i.user_id = p_user_id AND i.invoice_id = g.invoice_id AND i.amount_paid > 0
                            WHERE disputes_all(i.amount_paid, i.amount_refunded, i.amount_lost, i.amount_disputed)) THEN coalesce(k.frozen_at, p_now) END AS frozen_at
                  FROM credit_grants k WHERE k.user_id = p_user_id AND k.source = 'plan') f
         WHERE c.user_id = p_user_id AND c.id = f.id AND c.frozen_at IS DISTINCT FROM f.frozen_at;
        v_gave := FOUND OR v_gave;
    END IF;

    SELECT * INTO v_plan FROM user_plans WHERE user_id = p_user_id FOR NO KEY UPDATE;
    SELECT * INTO v_force FROM plan_in_force(p_user_id);
    IF v_force.plan_type IS NULL THEN
        RETURN v_gave;
    END IF;
    SELECT * INTO v_sub FROM user_subscriptions WHERE user_id = p_user_id AND subscription_id = v_force.subscription_id;
    v_live := coalesce(v_sub.status IN ('trialing', 'active', 'past_due'), false);
    v_ends := coalesce(v_sub.cancel_at_period_end OR v_sub.cancel_at <= v_sub.current_period_end, false);
    -- A period whose payment went back in full is not paid for any longer.
    IF v_has_refunds THEN
        SELECT coalesce(max(12 * money_gone(i.amount_paid, i.amount_refunded, i.amount_lost, i.amount_disputed)::bigint / i.amount_paid), 0) INTO v_months
          FROM stripe_invoices i JOIN plan_grants g ON g.user_id = i.user_id AND g.invoice_id = i.invoice_id
         WHERE g.user_id = p_user_id AND g.source_ref = v_force.plan_ref AND i.amount_paid > 0;
    END IF;
    v_undone := v_months = 12;
    -- Of a year that was paid back in part, the last months are no longer refilled.
    v_refills := CASE WHEN v_force.billing_interval = 'year' AND v_months > 0
                      THEN anchored_month(v_force.starts_at, extract(day FROM v_force.starts_at AT TIME ZONE 'UTC')::integer, 12 - v_months) END;
    IF NOT v_live AND (least(v_force.ends_at, v_refills) <= p_now OR v_undone) THEN
        RETURN return_to_free(p_user_id, p_now) OR v_gave;
    END IF;

    v_state := CASE WHEN NOT v_live THEN 'canceled' WHEN v_sub.status = 'past_due' THEN 'past_due' ELSE 'active' END;
    v_grace := CASE WHEN v_state = 'past_due' THEN v_force.ends_at + c_grace END;
    IF v_force.billing_interval = 'month' THEN
        v_plan.current_period_start := v_force.starts_at;
        v_plan.current_period_end := v_force.ends_at;
    ELSIF v_plan.billing_interval IS DISTINCT FROM 'year' OR v_plan.current_period_start < v_force.starts_at THEN
        -- An annual plan is paid by the year and refilled by the month: reset_monthly_credits moves this window on.
        v_plan.anchor_day := extract(day FROM v_force.starts_at AT TIME ZONE 'UTC');
        v_plan.current_period_start := v_force.starts_at;
        v_plan.current_period_end := anchored_month(v_force.starts_at, v_plan.anchor_day, 1);
    END IF;
    v_until := CASE WHEN v_undone THEN least(v_force.ends_at, v_plan.current_period_end) WHEN NOT v_live THEN least(v_force.ends_at, v_refills) ELSE v_force.ends_at END;
    UPDATE user_plans p
       SET plan_type = v_force.plan_type, status = v_state, stripe_customer_id = v_sub.customer_id, stripe_subscription_id = v_force.subscription_id,
           billing_interval = v_force.billing_interval, credits_monthly = (SELECT credits_monthly FROM plans WHERE plan_type = v_force.plan_type),
           current_period_start = v_plan.current_period_start, current_period_end = v_plan.current_period_end, anchor_day = v_plan.anchor_day,
           cancel_at_period_end = NOT v_live OR v_ends, paid_until = v_until, grace_ends_at = v_grace, refill_until = v_refills, updated_at = p_now
     WHERE user_id = p_user_id
       AND (p.plan_type, p.status, p.stripe_subscription_id, p.billing_interval, p.current_period_start, p.current_period_end,
            p.cancel_at_period_end, p.paid_until, p.grace_ends_at, p.refill_until)
           IS DISTINCT FROM (v_force.plan_type, v_state, v_force.subscription_id, v_force.billing_interval, v_plan.current_period_start, v_plan.current_period_end,
            NOT v_live OR v_ends, v_until, v_grace, v_refills);
    IF FOUND THEN
        v_gave := true;
        -- The first purchase is told by its receipt.
        INSERT INTO mails (user_id, source_ref, kind, facts, created_at, next_attempt_at)
        SELECT p_user_id, 'plan_changed:' || v_force.plan_type || ':' || v_force.billing_interval || ':' || extract(epoch FROM v_force.starts_at)::bigint, 'plan_changed',
               jsonb_build_object('former_plan', former.name, 'former_interval', v_plan.billing_interval, 'plan', next.name, 'interval', v_force.billing_interval,
                                  'credits', next.credits_monthly, 'paid_until', v_until), p_now, p_now
          FROM plans former, plans next
         WHERE former.plan_type = v_plan.plan_type AND next.plan_type = v_force.plan_type AND v_plan.stripe_subscription_id = v_force.subscription_id
           AND (v_plan.plan_type, v_plan.billing_interval) <> (v_force.plan_type, v_force.billing_interval) AND v_plan.closed_at IS NULL
            ON CONFLICT DO NOTHING;
    END IF;

    -- The end of the grace is written ahead and takes hold by itself; a dispute over all that paid for this period freezes at once, until it is won.
    v_frozen := v_grace;
    IF v_has_refunds THEN
        IF EXISTS (SELECT FROM stripe_invoices i JOIN plan_grants g ON g.user_id = i.user_id AND g.invoice_id = i.invoice_id
                    WHERE i.user_id = p_user_id AND g.starts_at >= v_force.starts_at AND i.amount_paid > 0
                      AND disputes_all(i.amount_paid, i.amount_refunded, i.amount_lost, i.amount_disputed)) THEN
            v_frozen := least(v_grace, (SELECT created_at FROM user_plans WHERE user_id = p_user_id));
        END IF;
    END IF;
    UPDATE user_credits SET frozen_at = v_frozen WHERE user_id = p_user_id AND frozen_at IS DISTINCT FROM v_frozen;
    RETURN FOUND OR v_gave;
END $$;
