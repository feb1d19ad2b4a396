-- Removes at most p_limit of what is older than p_before, of one kind; returns how many. The ledger, what was paid and what was asked
-- of Stripe stay; an event and a mail lose their content and keep their row, which is what makes each of them happen once.
CREATE OR REPLACE FUNCTION public.forget_old_rows(p_kind text, p_before timestamptz, p_limit integer)
RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    v_count integer;
BEGIN
    CASE p_kind
        WHEN 'events' THEN
            -- Those that failed keep it: an operator may try them again.
            UPDATE stripe_events SET payload = NULL WHERE id IN (
                SELECT id FROM stripe_events WHERE payload IS NOT NULL AND state IN ('done', 'ignored') AND received_at < p_before ORDER BY received_at LIMIT p_limit);
        WHEN 'mails' THEN
            UPDATE mails SET facts = '{}', last_error = NULL WHERE (user_id, source_ref) IN (
                SELECT user_id, source_ref FROM mails WHERE state <> 'waiting' AND finished_at < p_before AND (facts <> '{}' OR last_error IS NOT NULL) LIMIT p_limit);
        WHEN 'tool_sessions' THEN
            DELETE FROM tool_sessions WHERE (user_id, id) IN (SELECT user_id, id FROM tool_sessions WHERE expires_at < p_before LIMIT p_limit);
        WHEN 'payment_pages' THEN
            DELETE FROM purchases WHERE (user_id, operation_id) IN (
                SELECT user_id, operation_id FROM purchases WHERE status IN ('expired', 'replaced', 'failed') AND created_at < p_before LIMIT p_limit);
        WHEN 'sessions' THEN
            DELETE FROM account_sessions WHERE (user_id, id) IN (
                SELECT user_id, id FROM account_sessions WHERE least(expires_at, revoked_at) < p_before
                   -- The provider has yet to hear of its end.
                   AND (provider_session IS NULL OR revoked_at IS NULL) LIMIT p_limit);
        WHEN 'unsent_attachments' THEN
            DELETE FROM attachments WHERE (user_id, id) IN (SELECT user_id, id FROM attachments WHERE message_id IS NULL AND created_at < p_before LIMIT p_limit);
        WHEN 'sign_in_attempts' THEN
            DELETE FROM account_attempts WHERE subject IN (SELECT subject FROM account_attempts WHERE clear_at < p_before LIMIT p_limit FOR UPDATE SKIP LOCKED);
        WHEN 'passkey_challenges' THEN
            DELETE FROM passkey_challenges WHERE id IN (SELECT id FROM passkey_challenges WHERE expires_at < p_before LIMIT p_limit);
        WHEN 'stripe_attempts' THEN
            DELETE FROM stripe_attempts WHERE wish IN (SELECT wish FROM stripe_attempts WHERE changed_at < p_before LIMIT p_limit);
        WHEN 'identity_events' THEN
            DELETE FROM identity_events WHERE (provider, event_id) IN (
                SELECT provider, event_id FROM identity_events WHERE received_at < p_before ORDER BY received_at LIMIT p_limit);
        WHEN 'signup_networks' THEN
            -- One that signs somebody up at this moment is counted there.
            DELETE FROM signup_networks WHERE subject IN (SELECT subject FROM signup_networks WHERE since < p_before LIMIT p_limit FOR UPDATE SKIP LOCKED);
    END CASE;
    GET DIAGNOSTICS v_count = ROW_COUNT;
    RETURN v_count;
END $$;
