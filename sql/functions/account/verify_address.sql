-- The owner of the mailbox with this digest has shown that it is theirs: written once, with the mail that welcomes, and credits that
-- waited for it are given. False when it is not the address of the account.
CREATE OR REPLACE FUNCTION public.verify_address(p_user_id uuid, p_address text, p_now timestamptz)
RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    v_verified timestamptz;
    v_credits  integer;
    v_account  user_credits;
BEGIN
    SELECT verified_at INTO v_verified FROM account_credentials WHERE user_id = p_user_id AND address_digest(email) = p_address FOR UPDATE;
    IF NOT FOUND OR v_verified IS NOT NULL THEN
        RETURN FOUND;
    END IF;
    UPDATE account_credentials SET verified_at = p_now WHERE user_id = p_user_id;
    INSERT INTO mails (user_id, source_ref, kind, facts, created_at, next_attempt_at) VALUES (p_user_id, 'welcome', 'welcome', '{}', p_now, p_now)
        ON CONFLICT DO NOTHING;

    SELECT * INTO STRICT v_account FROM user_credits WHERE user_id = p_user_id FOR NO KEY UPDATE;
    SELECT credits_monthly INTO STRICT v_credits FROM plans WHERE plan_type = 'free';
    -- Whoever has bought a plan meanwhile finds them on coming back to the free one.
    UPDATE user_plans SET free_left = v_credits, updated_at = p_now WHERE user_id = p_user_id AND credits_wait AND plan_type <> 'free';
    IF EXISTS (SELECT FROM user_plans WHERE user_id = p_user_id AND credits_wait AND plan_type = 'free') THEN
        PERFORM record_movement(p_user_id, v_credits, 0, v_account.bonus_credits, 'credits_granted', 0, 'signup', 'system',
                                jsonb_build_object('credits_granted', v_credits, 'plan_type', 'free'), NULL, p_now);
    END IF;
    UPDATE user_plans SET credits_wait = false, updated_at = p_now WHERE user_id = p_user_id AND credits_wait;
    RETURN true;
END $$;
