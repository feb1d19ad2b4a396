-- Takes back what refunds and lost disputes undo, up to a target and never beyond: what the line added × refunded / paid,
-- rounded down on the sum, so that two partial refunds and then a dispute cannot take twice. What is left of the plan goes
-- first; what was spent, or ended with its period, is written off and stays on record.
CREATE OR REPLACE FUNCTION public.claw_back_refunds(p_user_id uuid, p_now timestamptz)
RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    v_account user_credits;
    v_force   record;
    v_due     record;
    v_taken   integer;
    v_any     boolean := false;
BEGIN
    SELECT * INTO v_force FROM plan_in_force(p_user_id);
    FOR v_due IN
        SELECT g.source_ref, g.invoice_id, g.starts_at, target, target - g.clawed_back - g.written_off AS due
          FROM (SELECT *, credits - CASE WHEN opens_period THEN 0 ELSE coalesce(lag(credits) OVER (ORDER BY starts_at, opens_period DESC, credits, source_ref), 0) END AS added
                  FROM plan_grants WHERE user_id = p_user_id AND granted_at IS NOT NULL) AS g
          JOIN stripe_invoices i ON i.user_id = p_user_id AND i.invoice_id = g.invoice_id AND i.amount_paid > 0
         CROSS JOIN LATERAL (SELECT floor(greatest(g.added, 0)::numeric
                    * CASE WHEN i.dispute_status = 'lost' THEN i.amount_paid ELSE least(i.amount_refunded, i.amount_paid) END / i.amount_paid)::integer AS target) AS t
         WHERE target > g.clawed_back + g.written_off
         ORDER BY g.starts_at, g.source_ref
    LOOP
        SELECT * INTO STRICT v_account FROM user_credits WHERE user_id = p_user_id FOR NO KEY UPDATE;
        v_taken := CASE WHEN v_due.starts_at >= v_force.starts_at AND (SELECT plan_ref IS NOT DISTINCT FROM v_force.plan_ref FROM user_plans WHERE user_id = p_user_id)
                        THEN least(v_due.due, v_account.total_credits - v_account.used_credits) ELSE 0 END;
        UPDATE plan_grants SET clawed_back = clawed_back + v_taken, written_off = written_off + v_due.due - v_taken
         WHERE user_id = p_user_id AND source_ref = v_due.source_ref;
        PERFORM record_movement(p_user_id, v_account.total_credits - v_taken, v_account.used_credits, v_account.bonus_credits,
            'credits_clawed_back', 0, 'claw:' || v_due.source_ref || ':' || v_due.target, 'stripe',
            jsonb_build_object('invoice', v_due.invoice_id, 'target', v_due.target, 'taken', v_taken, 'written_off', v_due.due - v_taken), NULL, p_now);
        v_any := true;
    END LOOP;
    RETURN v_any;
END $$;
