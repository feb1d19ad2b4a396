-- Gives one paid line to the plan's bucket, once. A line that opens a period later than the one in force starts it afresh
-- (used 0); any other moves the total to what all lines now add up to. A line whose time is over gives nothing.
-- What is left of a period that a later one cuts short was paid for: it stays spendable as a grant until that period's own end.
CREATE OR REPLACE FUNCTION public.give_plan_credits(p_grant plan_grants, p_now timestamptz)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    v_account user_credits;
    v_plan    user_plans;
    v_force   record;
    v_cut     plan_grants;
    v_before  text;
    v_action  text;
    v_opens   boolean;
    v_carried integer := 0;
BEGIN
    SELECT * INTO STRICT v_account FROM user_credits WHERE user_id = p_grant.user_id FOR NO KEY UPDATE;
    SELECT * INTO STRICT v_plan FROM user_plans WHERE user_id = p_grant.user_id FOR NO KEY UPDATE;
    UPDATE plan_grants SET granted_at = p_now WHERE user_id = p_grant.user_id AND source_ref = p_grant.source_ref;
    SELECT * INTO v_force FROM plan_in_force(p_grant.user_id);
    IF v_force.ends_at <= p_now AND NOT EXISTS (
        SELECT FROM user_subscriptions s
         WHERE s.user_id = p_grant.user_id AND s.subscription_id = v_force.subscription_id AND s.status IN ('trialing', 'active', 'past_due')) THEN
        RETURN;
    END IF;

    SELECT g.plan_type INTO v_before FROM plan_lines(p_grant.user_id) l
      JOIN plan_lines(p_grant.user_id) mine ON mine.source_ref = p_grant.source_ref AND l.place = mine.place - 1
      JOIN plan_grants g ON g.user_id = p_grant.user_id AND g.source_ref = l.source_ref AND g.subscription_id = p_grant.subscription_id;
    SELECT CASE WHEN new.sort > old.sort THEN 'plan_upgraded' WHEN new.sort < old.sort THEN 'plan_downgraded' ELSE 'credits_reset' END
      INTO v_action
      FROM plans new, plans old WHERE new.plan_type = p_grant.plan_type AND old.plan_type = coalesce(v_before, 'free');

    v_opens := v_force.plan_ref IS DISTINCT FROM v_plan.plan_ref;
    v_cut := period_cut_short(p_grant, v_plan.plan_ref, v_opens);
    IF v_cut.ends_at > p_now THEN
        v_carried := CASE WHEN v_opens THEN v_account.total_credits - v_account.used_credits
                          ELSE (SELECT added FROM plan_lines(p_grant.user_id) WHERE source_ref = p_grant.source_ref) END
            -- months of a year that were paid for and not refilled yet
            + CASE WHEN v_cut.billing_interval <> 'year' OR NOT (v_opens OR p_grant.opens_period) THEN 0
                   ELSE v_cut.credits * (SELECT count(*) FROM generate_series(0, 11) AS m (n)
                                          WHERE anchored_month(CASE WHEN v_opens THEN v_plan.current_period_end ELSE anchored_month(v_cut.starts_at, extract(day FROM v_cut.starts_at AT TIME ZONE 'UTC')::integer, 1) END,
                                                               extract(day FROM v_cut.starts_at AT TIME ZONE 'UTC')::integer, n)
                                                < CASE WHEN v_opens THEN least(v_plan.paid_until, v_plan.refill_until, v_cut.ends_at) ELSE v_cut.ends_at END) END;
    END IF;
    IF v_carried > 0 THEN
        -- Before packs: it ends sooner.
        INSERT INTO credit_grants AS c (user_id, id, source, source_ref, amount, remaining, priority, effective_at, expires_at)
        VALUES (p_grant.user_id, md5('plan:' || v_cut.source_ref)::uuid, 'plan', v_cut.source_ref, v_carried, v_carried, 10, p_now, v_cut.ends_at)
            ON CONFLICT (user_id, source, source_ref) DO UPDATE SET amount = c.amount + excluded.amount, remaining = c.remaining + excluded.remaining;
    END IF;
    PERFORM record_movement(p_grant.user_id, v_force.credits, CASE WHEN v_opens THEN 0 ELSE least(v_account.used_credits, v_force.credits) END,
        v_account.bonus_credits + greatest(v_carried, 0), v_action, 0, p_grant.source_ref, 'stripe',
        jsonb_strip_nulls(jsonb_build_object('credits_granted', p_grant.credits, 'plan_type', p_grant.plan_type, 'invoice', p_grant.invoice_id,
                           'period_start', p_grant.starts_at, 'period_end', p_grant.ends_at,
                           'carried', CASE WHEN v_carried > 0 THEN v_carried END, 'carried_until', CASE WHEN v_carried > 0 THEN v_cut.ends_at END)), NULL, p_now);
    IF v_opens THEN
        UPDATE user_credits SET last_reset_date = p_now WHERE user_id = p_grant.user_id;
    END IF;
    UPDATE user_plans
       SET plan_ref = v_force.plan_ref,
           -- the first line that is given leaves the free plan; a change may be heard of before what it changed
           free_left = CASE WHEN plan_type = 'free' AND plan_ref IS NULL THEN coalesce(free_left, v_account.total_credits - v_account.used_credits) ELSE free_left END
     WHERE user_id = p_grant.user_id;
END $$;
