-- Keeps the payment page that Stripe opened for an operation.
CREATE OR REPLACE FUNCTION public.open_pack_checkout(p_user_id uuid, p_operation_id uuid, p_session_id text, p_url text, p_expires_at timestamptz)
RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    UPDATE pack_purchases SET session_id = p_session_id, url = p_url, expires_at = p_expires_at,
           status = CASE status WHEN 'creating' THEN 'open' ELSE status END
     WHERE user_id = p_user_id AND operation_id = p_operation_id
$$;
