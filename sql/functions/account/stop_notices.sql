-- Switches off the mails about a person's balance, or with p_week those about their week, those that wait too; others, which concern money
-- or sign-ins, go on. False where there is no such account.
CREATE OR REPLACE FUNCTION public.stop_notices(p_user_id uuid, p_week boolean, p_now timestamptz)
RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO notification_settings AS n (user_id, by_mail)
    SELECT user_id, p_week FROM user_plans WHERE user_id = p_user_id AND closed_at IS NULL
        ON CONFLICT (user_id) DO UPDATE SET by_mail = n.by_mail AND p_week, weekly = n.weekly AND NOT p_week;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    UPDATE mails SET state = 'failed', last_error = 'unsubscribed', finished_at = p_now
     WHERE user_id = p_user_id AND state = 'waiting' AND CASE WHEN p_week THEN kind = 'week_in_credits' ELSE kind IN ('credits_low', 'credits_out', 'credits_below', 'credits_expiring') END;
    RETURN true;
END $$;
