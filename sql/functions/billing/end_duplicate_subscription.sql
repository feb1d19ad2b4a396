-- Notes how far a second subscription has been undone: it is over at Stripe, and with p_refunded its money is back, which the person
-- is told by mail and the operator by the events that were parked for it.
CREATE OR REPLACE FUNCTION public.end_duplicate_subscription(p_user_id uuid, p_subscription_id text, p_refunded integer, p_now timestamptz)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE duplicate_subscriptions
       SET ended_at = coalesce(ended_at, p_now), refunded_cents = coalesce(p_refunded, refunded_cents), finished_at = CASE WHEN p_refunded IS NOT NULL THEN p_now END
     WHERE user_id = p_user_id AND subscription_id = p_subscription_id AND finished_at IS NULL;
    IF NOT FOUND OR p_refunded IS NULL THEN
        RETURN;
    END IF;
    INSERT INTO mails (user_id, source_ref, kind, facts, created_at, next_attempt_at)
    VALUES (p_user_id, 'duplicate:' || p_subscription_id, 'duplicate_refund', jsonb_build_object('cents', p_refunded, 'reference', p_subscription_id), p_now, p_now)
        ON CONFLICT DO NOTHING;
    UPDATE stripe_events SET state = 'ignored', reason = 'a second subscription: it was ended and ' || p_refunded || ' cents were given back'
     WHERE user_id = p_user_id AND state = 'failed' AND starts_with(reason, 'SECOND_SUBSCRIPTION: ' || p_subscription_id || ' ');
END $$;
