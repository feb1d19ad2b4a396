-- Stops automatic top-ups until the person switches them on again, with the reason that the pages tell.
CREATE OR REPLACE FUNCTION public.disarm_top_up(p_user_id uuid, p_reason text, p_now timestamptz)
RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE top_up_settings SET paused_at = p_now, paused_reason = p_reason, low_at = NULL
     WHERE user_id = p_user_id AND enabled AND paused_at IS NULL;
    RETURN FOUND;
END $$;
