-- Ends a top-up that took no money. With a reason no other is begun until the person has looked at the settings.
CREATE OR REPLACE FUNCTION public.end_top_up(p_user_id uuid, p_operation_id uuid, p_reason text, p_now timestamptz)
RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE purchases SET status = CASE WHEN p_reason IS NULL THEN 'expired' ELSE 'failed' END
     WHERE user_id = p_user_id AND operation_id = p_operation_id AND status IN ('creating', 'open');
    IF FOUND AND p_reason IS NOT NULL THEN
        PERFORM disarm_top_up(p_user_id, p_reason, p_now);
        RETURN true;
    END IF;
    RETURN false;
END $$;
