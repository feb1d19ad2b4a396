-- Sets an account to new figures and writes the ledger row that explains the difference, once per operation id.
-- Returns the row's seq. Refuses an operation that was recorded before: whoever calls has looked for it under the account's lock, and
-- may have changed grants for it. The one way to change a balance besides spending.
CREATE OR REPLACE FUNCTION public.record_movement(
    p_user_id uuid, p_total integer, p_used integer, p_bonus integer,
    p_action_type text, p_credits_used integer, p_operation_id text, p_actor text,
    p_metadata jsonb, p_buckets jsonb, p_now timestamptz)
RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    v_account user_credits;
    v_balance integer := p_total - p_used + p_bonus;
    v_delta   integer;
    v_hash    bytea;
BEGIN
    SELECT * INTO STRICT v_account FROM user_credits WHERE user_id = p_user_id FOR NO KEY UPDATE;
    IF EXISTS (SELECT FROM usage_logs WHERE user_id = p_user_id AND operation_id = p_operation_id) THEN
        RAISE EXCEPTION 'operation % of user % is in the ledger already', p_operation_id, p_user_id USING ERRCODE = 'unique_violation';
    END IF;

    v_delta := v_balance - (v_account.total_credits - v_account.used_credits + v_account.bonus_credits);
    v_hash := ledger_hash(v_account.ledger_hash, p_user_id, v_account.ledger_seq + 1, p_now, p_action_type, p_credits_used,
                          v_delta, v_balance, p_operation_id, p_actor, p_metadata, p_buckets, NULL);

    UPDATE user_credits
       SET total_credits = p_total, used_credits = p_used, bonus_credits = p_bonus,
           ledger_seq = ledger_seq + 1, ledger_hash = v_hash
     WHERE user_id = p_user_id;

    INSERT INTO usage_logs (user_id, seq, created_at, action_type, credits_used, delta, balance_after, operation_id, actor, metadata, buckets, hash)
    VALUES (p_user_id, v_account.ledger_seq + 1, p_now, p_action_type, p_credits_used, v_delta, v_balance, p_operation_id, p_actor, p_metadata, p_buckets, v_hash);
    RETURN v_account.ledger_seq + 1;
END $$;
