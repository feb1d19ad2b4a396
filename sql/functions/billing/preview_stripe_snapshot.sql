-- What an account would hold if Stripe showed this, and what of it is carried over from a period that is cut short: the very
-- functions that apply a snapshot, run and taken back.
CREATE OR REPLACE FUNCTION public.preview_stripe_snapshot(p_snapshot jsonb, p_now timestamptz)
RETURNS TABLE (outcome text, detail text, plan_type text, available integer, carried integer)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    v_user uuid;
BEGIN
    BEGIN
        SELECT a.outcome, a.detail, a.user_id INTO outcome, detail, v_user FROM apply_stripe_snapshot(p_snapshot, nextval('stripe_read_seq'), p_now) AS a;
        SELECT p.plan_type, spendable_credits(c, p_now) INTO plan_type, available
          FROM user_credits c JOIN user_plans p ON p.user_id = c.user_id
         WHERE c.user_id = v_user;
        SELECT (l.metadata ->> 'carried')::integer INTO carried FROM usage_logs l WHERE l.user_id = v_user AND l.operation_id LIKE 'stripe_invoice:preview:%';
        RAISE EXCEPTION USING ERRCODE = 'AU001';
    EXCEPTION WHEN SQLSTATE 'AU001' THEN NULL; -- the variables stay, the writes are gone
    END;
    RETURN NEXT;
END $$;
