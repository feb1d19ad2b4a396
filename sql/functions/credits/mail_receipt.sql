-- Mails the receipt of a movement to its owner, once for each press of the button. The outcome is 'queued', 'unproven' when the owner has
-- not shown that the address is theirs, or 'wait' when five went out within ten minutes.
CREATE OR REPLACE FUNCTION public.mail_receipt(p_user_id uuid, p_seq bigint, p_press uuid, p_receipt jsonb, p_now timestamptz)
RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    v_ref text := 'movement_receipt:' || p_seq || ':' || p_press;
BEGIN
    -- Locked, so that presses at the same time are counted one after the other.
    PERFORM FROM account_credentials WHERE user_id = p_user_id AND verified_at IS NOT NULL FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RETURN 'unproven';
    END IF;
    IF EXISTS (SELECT FROM mails WHERE user_id = p_user_id AND source_ref = v_ref) THEN
        RETURN 'queued';
    END IF;
    IF (SELECT count(*) FROM mails WHERE user_id = p_user_id AND kind = 'movement_receipt' AND created_at > p_now - interval '10 minutes') >= 5 THEN
        RETURN 'wait';
    END IF;
    INSERT INTO mails (user_id, source_ref, kind, facts, created_at, next_attempt_at)
    VALUES (p_user_id, v_ref, 'movement_receipt', jsonb_strip_nulls(p_receipt), p_now, p_now);
    RETURN 'queued';
END $$;
