-- Switches automatic top-ups off; what was allowed stays known for the next time.
CREATE OR REPLACE FUNCTION public.stop_top_up(p_user_id uuid, p_now timestamptz)
RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    UPDATE top_up_settings SET enabled = false, paused_at = NULL, paused_reason = NULL, low_at = NULL, updated_at = p_now WHERE user_id = p_user_id
$$;
