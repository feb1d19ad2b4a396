-- Takes back what refunds and lost disputes undo, up to a target and never beyond: what the line added × refunded / paid,
-- rounded down on the sum, so that two partial refunds and then a dispute cannot take twice. What is left of the plan goes
-- first, or of what a period that was cut short left as a grant; what was spent, or ended with its period, is written off and
-- stays on record.
CREATE OR REPLACE FUNCTION public.claw_back_refunds(p_user_id uuid, p_now timestamptz)
RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    v_account user_credits;
    v_force   record;
    v_carried credit_grants;
    v_due     record;
    v_plan    integer;
    v_taken   integer;
    v_any     boolean := false;
BEGIN
    SELECT * INTO v_force FROM plan_in_force(p_user_id);
    FOR v_due IN
        SELECT g.source_ref, g.invoice_id, l.period, target, target - g.clawed_back - g.written_off AS due
          FROM plan_lines(p_user_id) l
          JOIN plan_grants g ON g.user_id = p_user_id AND g.source_ref = l.source_ref
          JOIN stripe_invoices i ON i.user_id = p_user_id AND i.invoice_id = g.invoice_id AND i.amount_paid > 0
         CROSS JOIN LATERAL (SELECT floor(greatest(l.added, 0)::numeric
                    * CASE WHEN i.dispute_status = 'lost' THEN i.amount_paid ELSE least(i.amount_refunded, i.amount_paid) END / i.amount_paid)::integer AS target) AS t
         WHERE target > g.clawed_back + g.written_off
         ORDER BY l.place
    LOOP
        SELECT * INTO STRICT v_account FROM user_credits WHERE user_id = p_user_id FOR NO KEY UPDATE;
        SELECT * INTO v_carried FROM credit_grants
         WHERE user_id = p_user_id AND source = 'plan'
           AND source_ref = (SELECT l.source_ref FROM plan_lines(p_user_id) l WHERE l.period = v_due.period ORDER BY l.place LIMIT 1);
        v_plan := CASE WHEN v_due.period = (SELECT max(l.period) FROM plan_lines(p_user_id) l)
                            AND (SELECT plan_ref IS NOT DISTINCT FROM v_force.plan_ref FROM user_plans WHERE user_id = p_user_id)
                       THEN least(v_due.due, v_account.total_credits - v_account.used_credits) ELSE 0 END;
        v_taken := v_plan + least(v_due.due - v_plan, coalesce(v_carried.remaining, 0));
        UPDATE credit_grants SET remaining = remaining - (v_taken - v_plan), clawed_back = clawed_back + (v_taken - v_plan)
         WHERE user_id = p_user_id AND id = v_carried.id AND v_taken > v_plan;
        UPDATE plan_grants SET clawed_back = clawed_back + v_taken, written_off = written_off + v_due.due - v_taken
         WHERE user_id = p_user_id AND source_ref = v_due.source_ref;
        PERFORM record_movement(p_user_id, v_account.total_credits - v_plan, v_account.used_credits, v_account.bonus_credits - (v_taken - v_plan),
            'credits_clawed_back', 0, 'claw:' || v_due.source_ref || ':' || v_due.target, 'stripe',
            jsonb_build_object('invoice', v_due.invoice_id, 'target', v_due.target, 'taken', v_taken, 'written_off', v_due.due - v_taken), NULL, p_now);
        v_any := true;
    END LOOP;
    RETURN v_any;
END $$;
