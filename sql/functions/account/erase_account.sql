-- Erases who an account belonged to, after its data elsewhere is gone: the account is closed, and what still names the person or
-- was written by them is deleted. What was bought, paid and spent stays, for the books and for the ledger's chain. With p_mail the
-- last mail is queued, which carries the address until it has ended. False when the account is not being erased.
CREATE OR REPLACE FUNCTION public.erase_account(p_user_id uuid, p_mail boolean, p_now timestamptz)
RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    v_email     text;
    v_customers text[] := ARRAY(SELECT customer_id FROM stripe_customers WHERE user_id = p_user_id
                                 UNION ALL SELECT customer_id FROM former_stripe_customers WHERE user_id = p_user_id);
BEGIN
    UPDATE account_deletions SET state = 'erased', erased_at = p_now WHERE user_id = p_user_id AND state = 'erasing';
    IF NOT FOUND THEN
        RETURN false;
    END IF;

    SELECT email INTO v_email FROM profiles WHERE id = p_user_id;
    -- Its trigger closes the account; a row that is gone already leaves that to be done.
    DELETE FROM auth.users WHERE id = p_user_id;
    PERFORM close_account(p_user_id, p_now);
    DELETE FROM account_sessions WHERE user_id = p_user_id;
    DELETE FROM tool_favourites WHERE user_id = p_user_id;
    DELETE FROM notification_settings WHERE user_id = p_user_id;
    DELETE FROM balance_notices WHERE user_id = p_user_id;
    DELETE FROM top_up_settings WHERE user_id = p_user_id;
    DELETE FROM mails WHERE user_id = p_user_id;
    DELETE FROM job_failures WHERE subject LIKE '%' || p_user_id || '%';
    UPDATE purchases SET url = NULL WHERE user_id = p_user_id;
    UPDATE plan_change_intents SET pay_url = NULL WHERE user_id = p_user_id;
    UPDATE user_subscriptions SET card_brand = NULL, card_last4 = NULL, card_expiry = NULL WHERE user_id = p_user_id;
    UPDATE stripe_invoices SET hosted_url = NULL, pdf_url = NULL WHERE user_id = p_user_id;
    UPDATE stripe_events SET payload = NULL
     WHERE payload IS NOT NULL AND (user_id = p_user_id OR customer_id = ANY (v_customers) OR object_id = ANY (v_customers));

    IF p_mail AND v_email <> '' THEN
        INSERT INTO mails (user_id, source_ref, kind, facts, recipient, created_at, next_attempt_at)
        VALUES (p_user_id, 'deletion_done', 'deletion_done', '{}', v_email, p_now, p_now);
    END IF;
    RETURN true;
END $$;
