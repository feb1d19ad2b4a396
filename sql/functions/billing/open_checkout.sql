-- Keeps the payment page that Stripe opened for an operation; false when another page has taken the place meanwhile, which may
-- be the same wish in another language.
CREATE OR REPLACE FUNCTION public.open_checkout(p_user_id uuid, p_operation_id uuid, p_session_id text, p_url text, p_expires_at timestamptz)
RETURNS boolean LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH kept AS (
        UPDATE stripe_sessions SET session_id = p_session_id, url = p_url, expires_at = p_expires_at,
               status = CASE status WHEN 'creating' THEN 'open' ELSE status END
         WHERE user_id = p_user_id AND operation_id = p_operation_id AND (session_id IS NULL OR session_id = p_session_id)
        RETURNING status
    )
    SELECT coalesce((SELECT status IN ('open', 'complete') FROM kept), false)
$$;
