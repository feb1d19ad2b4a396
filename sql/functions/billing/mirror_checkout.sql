-- Keeps what Stripe showed of a payment page that this user opened, unless a later read is already kept.
CREATE OR REPLACE FUNCTION public.mirror_checkout(p_user_id uuid, p_checkout jsonb, p_read_seq bigint, p_now timestamptz)
RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE stripe_sessions
       SET status = CASE WHEN status = 'replaced' AND p_checkout ->> 'status' <> 'complete' THEN status ELSE p_checkout ->> 'status' END,
           payment_status = p_checkout ->> 'payment_status', subscription_id = p_checkout ->> 'subscription_id',
           completed_at = CASE WHEN p_checkout ->> 'status' = 'complete' THEN coalesce(completed_at, p_now) END,
           read_seq = p_read_seq
     WHERE user_id = p_user_id AND session_id = p_checkout ->> 'id' AND read_seq <= p_read_seq
       AND (status, payment_status, subscription_id) IS DISTINCT FROM (p_checkout ->> 'status', p_checkout ->> 'payment_status', p_checkout ->> 'subscription_id');
    RETURN FOUND;
END $$;
