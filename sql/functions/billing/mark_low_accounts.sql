-- Notes who has spent their credits below the threshold they chose, among the accounts that moved since the last look; returns how
-- many accounts were looked at. Only a spend marks: a claw-back, a refund, an adjustment, an expiry or a plan's end never does.
CREATE OR REPLACE FUNCTION public.mark_low_accounts(p_now timestamptz)
RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    v_judged integer;
BEGIN
    WITH moved AS (
        SELECT s.user_id, s.judged_seq, c.ledger_seq
          FROM top_up_settings s JOIN user_credits c ON c.user_id = s.user_id
         WHERE s.enabled AND s.paused_at IS NULL AND c.ledger_seq > s.judged_seq
         ORDER BY s.user_id FOR NO KEY UPDATE OF s SKIP LOCKED
    )
    UPDATE top_up_settings s
       SET judged_seq = m.ledger_seq,
           low_at = CASE WHEN spendable_credits(c, p_now) < s.threshold
                          AND EXISTS (SELECT FROM usage_logs l WHERE l.user_id = m.user_id AND l.seq > m.judged_seq AND l.delta < 0 AND l.credits_used > 0)
                         THEN p_now ELSE s.low_at END
      FROM moved m JOIN user_credits c ON c.user_id = m.user_id
     WHERE s.user_id = m.user_id;
    GET DIAGNOSTICS v_judged = ROW_COUNT;
    RETURN v_judged;
END $$;
