-- Ends a paid plan: free, in the free window of the account's own day of the month. A window that already gave its credits
-- gives no new ones; what was left of it then is what is left now.
CREATE OR REPLACE FUNCTION public.return_to_free(p_user_id uuid, p_now timestamptz)
RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    v_account user_credits;
    v_plan    user_plans;
    v_born    timestamptz;
    v_anchor  integer;
    v_months  integer;
    v_start   timestamptz;
    v_key     text;
    v_credits integer;
    v_left    integer;
BEGIN
    SELECT * INTO STRICT v_account FROM user_credits WHERE user_id = p_user_id FOR NO KEY UPDATE;
    SELECT * INTO STRICT v_plan FROM user_plans WHERE user_id = p_user_id FOR NO KEY UPDATE;
    IF v_plan.plan_type = 'free' AND v_plan.plan_ref IS NULL THEN
        RETURN false;
    END IF;
    SELECT created_at, extract(day FROM created_at AT TIME ZONE 'UTC') INTO STRICT v_born, v_anchor FROM profiles WHERE id = p_user_id;
    SELECT credits_monthly INTO STRICT v_credits FROM plans WHERE plan_type = 'free';
    v_months := extract(year FROM age(p_now, v_born)) * 12 + extract(month FROM age(p_now, v_born)) + 1;
    WHILE anchored_month(v_born, v_anchor, v_months) > p_now LOOP
        v_months := v_months - 1;
    END LOOP;
    v_start := anchored_month(v_born, v_anchor, v_months);

    v_key := 'refill:' || to_char(v_start AT TIME ZONE 'UTC', 'YYYY-MM-DD');
    v_left := v_credits;
    IF v_months = 0 OR EXISTS (SELECT FROM usage_logs WHERE user_id = p_user_id AND operation_id = v_key) THEN
        v_key := 'plan_end:' || v_plan.plan_ref;
        v_left := least(coalesce(v_plan.free_left, 0), v_credits);
    END IF;
    PERFORM record_movement(p_user_id, v_credits, v_credits - v_left, v_account.bonus_credits, 'plan_cancelled', 0, v_key, 'stripe',
        jsonb_build_object('plan_type', 'free', 'previous_plan', v_plan.plan_type, 'credits_granted', v_left), NULL, p_now);
    UPDATE user_credits SET last_reset_date = p_now, frozen_at = NULL WHERE user_id = p_user_id;
    PERFORM disarm_top_up(p_user_id, 'plan_ended', p_now);
    UPDATE user_plans
       SET plan_type = 'free', status = 'active', stripe_subscription_id = NULL, billing_interval = NULL, plan_ref = NULL, paid_until = NULL,
           grace_ends_at = NULL, refill_until = NULL, free_left = NULL, cancel_at_period_end = false, credits_monthly = v_credits, anchor_day = v_anchor,
           current_period_start = v_start, current_period_end = anchored_month(v_born, v_anchor, v_months + 1), updated_at = p_now
     WHERE user_id = p_user_id;
    INSERT INTO mails (user_id, source_ref, kind, facts, created_at, next_attempt_at)
    SELECT p_user_id, 'plan_ended:' || v_plan.plan_ref, 'plan_ended',
           jsonb_build_object('plan', n.name, 'is_unpaid', v_plan.status = 'past_due', 'free_credits', v_left, 'other_credits', spendable_bonus(p_user_id, p_now)), p_now, p_now
      FROM plans n
     WHERE n.plan_type = v_plan.plan_type AND n.plan_type <> 'free' AND v_plan.plan_ref IS NOT NULL AND v_plan.closed_at IS NULL
        ON CONFLICT DO NOTHING;
    RETURN true;
END $$;
