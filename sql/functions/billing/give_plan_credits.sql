-- Gives one paid line to the plan's bucket, once. A line that opens a period later than the one in force starts it afresh
-- (used 0); any other moves the total to what all lines now add up to. A line whose time is over gives nothing.
CREATE OR REPLACE FUNCTION public.give_plan_credits(p_grant plan_grants, p_now timestamptz)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    v_account user_credits;
    v_plan    user_plans;
    v_force   record;
    v_before  text;
    v_action  text;
    v_opens   boolean;
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

    SELECT g.plan_type INTO v_before FROM plan_grants g
     WHERE g.user_id = p_grant.user_id AND g.subscription_id = p_grant.subscription_id
       AND (g.starts_at, NOT g.opens_period, g.credits, g.source_ref) < (p_grant.starts_at, NOT p_grant.opens_period, p_grant.credits, p_grant.source_ref)
     ORDER BY g.starts_at DESC, g.opens_period, g.credits DESC, g.source_ref DESC LIMIT 1;
    SELECT CASE WHEN new.sort > old.sort THEN 'plan_upgraded' WHEN new.sort < old.sort THEN 'plan_downgraded' ELSE 'credits_reset' END
      INTO v_action
      FROM plans new, plans old WHERE new.plan_type = p_grant.plan_type AND old.plan_type = coalesce(v_before, 'free');

    v_opens := v_force.plan_ref IS DISTINCT FROM v_plan.plan_ref;
    PERFORM record_movement(p_grant.user_id, v_force.credits, CASE WHEN v_opens THEN 0 ELSE least(v_account.used_credits, v_force.credits) END,
        v_account.bonus_credits, v_action, 0, p_grant.source_ref, 'stripe',
        jsonb_build_object('credits_granted', p_grant.credits, 'plan_type', p_grant.plan_type, 'invoice', p_grant.invoice_id,
                           'period_start', p_grant.starts_at, 'period_end', p_grant.ends_at), NULL, p_now);
    IF v_opens THEN
        UPDATE user_credits SET last_reset_date = p_now WHERE user_id = p_grant.user_id;
    END IF;
    UPDATE user_plans
       SET plan_ref = v_force.plan_ref,
           -- the first line that is given leaves the free plan; a change may be heard of before what it changed
           free_left = CASE WHEN plan_type = 'free' AND plan_ref IS NULL THEN coalesce(free_left, v_account.total_credits - v_account.used_credits) ELSE free_left END
     WHERE user_id = p_grant.user_id;
END $$;
