-- Brings what each paid line took part in giving to what its money still buys, both ways: the target is what the line added × money
-- gone / paid, rounded down on the sum, so that two partial refunds and then a dispute cannot take twice, and a refund that fails or
-- a dispute that is won gives back. What is left of the plan goes first, or of what a period that was cut short left as a grant; what
-- was spent, or ended with its period, is written off and stays on record. Of a year whole months go, the last ones first: refills
-- end sooner (converge_billing), and the month that runs is taken when its own money is gone.
CREATE OR REPLACE FUNCTION public.claw_back_refunds(p_user_id uuid, p_now timestamptz)
RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    v_account  user_credits;
    v_force    record;
    v_carried  credit_grants;
    v_due      record;
    v_in_force boolean;
    v_plan     integer;
    v_bonus    integer;
    v_change   integer;
    v_any      boolean := false;
BEGIN
    SELECT * INTO v_force FROM plan_in_force(p_user_id);
    FOR v_due IN
        SELECT g.source_ref, g.invoice_id, g.clawed_back, g.written_off, l.period, t.target, f.in_force
          FROM (SELECT *, max(period) OVER () AS latest FROM plan_lines(p_user_id)) l
          JOIN plan_grants g ON g.user_id = p_user_id AND g.source_ref = l.source_ref
          LEFT JOIN stripe_invoices i ON i.user_id = p_user_id AND i.invoice_id = g.invoice_id AND i.amount_paid > 0
          LEFT JOIN user_plans p ON p.user_id = p_user_id
         CROSS JOIN LATERAL (SELECT l.period = l.latest AND p.plan_ref IS NOT DISTINCT FROM v_force.plan_ref AS in_force) AS f
         CROSS JOIN LATERAL (SELECT money_gone(i.amount_paid, i.amount_refunded, i.amount_lost, i.amount_disputed)::numeric AS cents) AS gone
         CROSS JOIN LATERAL (SELECT CASE WHEN g.billing_interval = 'month' THEN floor(greatest(l.added, 0) * gone.cents / i.amount_paid)
                                         -- what a year that was cut short carried over is months, too
                                         WHEN EXISTS (SELECT FROM credit_grants c WHERE c.user_id = p_user_id AND c.source = 'plan' AND c.source_ref = g.source_ref)
                                             THEN floor(12 * gone.cents / i.amount_paid) * g.credits
                                         WHEN floor(12 * gone.cents / i.amount_paid) = 0 THEN 0
                                         -- nothing of a year that is over is left to take; what was taken of it stays taken
                                         WHEN NOT f.in_force THEN g.clawed_back + g.written_off
                                         -- the month that runs began after the last one that the money buys
                                         WHEN greatest(p.current_period_start, g.starts_at) >= anchored_month(g.starts_at, extract(day FROM g.starts_at AT TIME ZONE 'UTC')::integer,
                                                                                       12 - floor(12 * gone.cents / i.amount_paid)::integer) THEN greatest(l.added, 0)
                                         ELSE 0 END::integer AS target) AS t
         ORDER BY l.place
    LOOP
        CONTINUE WHEN v_due.target IS NULL OR v_due.target = v_due.clawed_back + v_due.written_off;
        SELECT * INTO STRICT v_account FROM user_credits WHERE user_id = p_user_id FOR NO KEY UPDATE;
        SELECT * INTO v_carried FROM credit_grants
         WHERE user_id = p_user_id AND source = 'plan'
           AND source_ref = (SELECT l.source_ref FROM plan_lines(p_user_id) l WHERE l.period = v_due.period ORDER BY l.place LIMIT 1);
        v_plan := CASE WHEN v_due.in_force THEN v_account.total_credits - v_account.used_credits ELSE 0 END;
        v_change := least(v_due.target, v_due.clawed_back + v_plan + coalesce(v_carried.remaining, 0)) - v_due.clawed_back;
        -- positive: taken; negative: given back
        v_plan := CASE WHEN v_change > 0 THEN least(v_change, v_plan) WHEN v_due.in_force THEN v_change ELSE 0 END;
        v_bonus := v_change - v_plan;
        IF v_bonus > 0 OR v_bonus < 0 AND v_carried.expires_at > p_now AND v_carried.clawed_back >= -v_bonus THEN
            UPDATE credit_grants SET remaining = remaining - v_bonus, clawed_back = clawed_back + v_bonus WHERE user_id = p_user_id AND id = v_carried.id;
        ELSIF v_bonus < 0 THEN
            -- Its own period is over: what comes back has a month.
            INSERT INTO credit_grants (user_id, id, source, source_ref, amount, remaining, effective_at, expires_at)
            VALUES (p_user_id, gen_random_uuid(), 'restored', claw_key(p_user_id, v_due.source_ref, v_due.target), -v_bonus, -v_bonus, p_now, p_now + interval '1 month');
        END IF;
        UPDATE plan_grants SET clawed_back = clawed_back + v_change, written_off = v_due.target - clawed_back - v_change
         WHERE user_id = p_user_id AND source_ref = v_due.source_ref;
        PERFORM record_movement(p_user_id, v_account.total_credits - v_plan, v_account.used_credits, v_account.bonus_credits - v_bonus,
            CASE WHEN v_change < 0 THEN 'credits_restored' ELSE 'credits_clawed_back' END, 0, claw_key(p_user_id, v_due.source_ref, v_due.target), 'stripe',
            jsonb_build_object('invoice', v_due.invoice_id, 'target', v_due.target, 'taken', v_change, 'written_off', v_due.target - v_due.clawed_back - v_change), NULL, p_now);
        v_any := true;
    END LOOP;
    RETURN v_any;
END $$;
