-- Keeps what Stripe showed of the payment page of a plan that this user opened, unless a later read is already kept.
CREATE OR REPLACE FUNCTION public.mirror_checkout(p_user_id uuid, p_checkout jsonb, p_read_seq bigint, p_now timestamptz)
RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE purchases
       SET status = page_status(status, p_checkout ->> 'status'),
           payment_status = p_checkout ->> 'payment_status', subscription_id = p_checkout ->> 'subscription_id',
           completed_at = CASE WHEN p_checkout ->> 'status' = 'complete' THEN coalesce(completed_at, p_now) END,
           read_seq = p_read_seq
     WHERE user_id = p_user_id AND kind = 'plan' AND session_id = p_checkout ->> 'id' AND read_seq <= p_read_seq
       AND (status, payment_status, subscription_id) IS DISTINCT FROM
           (page_status(status, p_checkout ->> 'status'), p_checkout ->> 'payment_status', p_checkout ->> 'subscription_id');
    RETURN FOUND;
END $$;
