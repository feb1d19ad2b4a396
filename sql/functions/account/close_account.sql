-- Closes an account: it is stopped, nobody signs in any more, it is refilled no more, name and address are forgotten and the address is
-- free again, and conversations, prompts, works and pictures are deleted. What was bought, paid and spent stays in the books.
CREATE OR REPLACE FUNCTION public.close_account(p_user_id uuid, p_now timestamptz)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    DELETE FROM account_credentials WHERE user_id = p_user_id;
    DELETE FROM account_identities WHERE user_id = p_user_id;
    DELETE FROM account_second_factors WHERE user_id = p_user_id;
    DELETE FROM account_recovery_codes WHERE user_id = p_user_id;
    DELETE FROM account_passkeys WHERE user_id = p_user_id;
    DELETE FROM account_exports WHERE user_id = p_user_id;
    PERFORM stop_account(p_user_id, p_now);
    DELETE FROM conversations WHERE user_id = p_user_id;
    DELETE FROM attachments WHERE user_id = p_user_id;
    DELETE FROM saved_prompts WHERE user_id = p_user_id;
    DELETE FROM works WHERE user_id = p_user_id;
    UPDATE tool_runs SET answer = '', tool_calls = NULL WHERE user_id = p_user_id AND state <> 'running';
    -- Locked before the account is, in the order of whoever finishes one.
    PERFORM FROM pictures WHERE user_id = p_user_id AND closed_at IS NULL ORDER BY id FOR UPDATE;
    PERFORM finish_picture(p_user_id, id, 'stopped', 'account_closed', NULL, NULL, NULL, NULL, p_now) FROM pictures WHERE user_id = p_user_id AND closed_at IS NULL;
    DELETE FROM picture_batches WHERE user_id = p_user_id;
    UPDATE user_plans SET closed_at = p_now, updated_at = p_now WHERE user_id = p_user_id AND closed_at IS NULL;
    UPDATE profiles SET email = '', full_name = NULL, time_zone = NULL, updated_at = p_now WHERE id = p_user_id;
END $$;
