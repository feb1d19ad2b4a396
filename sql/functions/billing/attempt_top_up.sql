-- Notes the card and the time before Stripe is called; the card that was noted first is the one to use, since a repeated call
-- must be the same call. NULL when it must not be made: the person has switched top-ups off meanwhile.
CREATE OR REPLACE FUNCTION public.attempt_top_up(p_user_id uuid, p_operation_id uuid, p_payment_method text, p_now timestamptz)
RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    v_method text;
BEGIN
    UPDATE purchases x SET payment_method_id = coalesce(payment_method_id, p_payment_method), attempted_at = p_now
     WHERE user_id = p_user_id AND operation_id = p_operation_id AND status = 'creating'
       AND EXISTS (SELECT FROM top_up_settings s WHERE s.user_id = x.user_id AND s.enabled AND s.paused_at IS NULL)
    RETURNING payment_method_id INTO v_method;
    RETURN v_method;
END $$;
