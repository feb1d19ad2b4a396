-- Keeps the payment page that Stripe opened for an operation. False when it must be closed again: another page has taken the place
-- meanwhile, which may be the same offer in another language. Such a page has a row, so that it is closed even if this caller dies.
CREATE OR REPLACE FUNCTION public.open_purchase(p_user_id uuid, p_operation_id uuid, p_session_id text, p_url text, p_expires_at timestamptz)
RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    v_row purchases;
BEGIN
    UPDATE purchases SET session_id = p_session_id, url = p_url, expires_at = p_expires_at,
           status = CASE status WHEN 'creating' THEN 'open' WHEN 'replaced' THEN 'closing' ELSE status END
     WHERE user_id = p_user_id AND operation_id = p_operation_id AND (session_id IS NULL OR session_id = p_session_id)
    RETURNING * INTO v_row;
    IF v_row.user_id IS NULL THEN
        SELECT * INTO STRICT v_row FROM purchases WHERE user_id = p_user_id AND operation_id = p_operation_id;
        v_row.operation_id := md5(p_session_id)::uuid;
        v_row.session_id := p_session_id;
        v_row.url := p_url;
        v_row.expires_at := p_expires_at;
        v_row.status := 'closing';
        INSERT INTO purchases SELECT v_row.* ON CONFLICT DO NOTHING;
    END IF;
    RETURN v_row.status IN ('open', 'complete');
END $$;
