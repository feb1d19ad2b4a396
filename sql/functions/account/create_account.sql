-- Creates a user who signs in with e-mail and password; on_auth_user_created adds profile, plan and credits in the same
-- transaction, and the mail that proves the address is queued. Of the accounts that one network makes within a day, p_free have their
-- credits at once, and those of the others wait for the proof. Returns whether they wait; NULL when the e-mail is taken: of several
-- at once exactly one is made.
CREATE OR REPLACE FUNCTION public.create_account(
    p_user_id uuid, p_email text, p_full_name text, p_locale text, p_password_hash text, p_now timestamptz,
    p_network text DEFAULT '', p_free integer DEFAULT 5)
RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    v_table    text;
    v_accounts integer;
BEGIN
    IF EXISTS (SELECT FROM profiles WHERE lower(email) = p_email) THEN
        RETURN NULL;
    END IF;

    -- The unique key makes a simultaneous request wait here, then find itself late.
    INSERT INTO account_credentials (user_id, email, password_hash, password_changed_at, created_at)
    VALUES (p_user_id, p_email, p_password_hash, p_now, p_now);

    -- Those of one network take turns from here on, so that each is counted.
    INSERT INTO signup_networks AS n (subject, since, accounts) VALUES (p_network, p_now, 1)
        ON CONFLICT (subject) DO UPDATE SET since = CASE WHEN n.since > p_now - interval '1 day' THEN n.since ELSE p_now END,
                                            accounts = CASE WHEN n.since > p_now - interval '1 day' THEN n.accounts + 1 ELSE 1 END
    RETURNING n.accounts INTO v_accounts;

    INSERT INTO auth.users (id, email, raw_user_meta_data, created_at, updated_at)
    VALUES (p_user_id, p_email, jsonb_strip_nulls(jsonb_build_object(
                'full_name', p_full_name, 'locale', p_locale, 'credits_wait', CASE WHEN v_accounts > p_free THEN true END)), p_now, p_now);
    INSERT INTO mails (user_id, source_ref, kind, facts, created_at, next_attempt_at)
    VALUES (p_user_id, 'verify_address', 'verify_address', jsonb_build_object('user_id', p_user_id, 'address', address_digest(p_email)), p_now, p_now);

    RETURN v_accounts > p_free;
EXCEPTION WHEN unique_violation THEN
    GET STACKED DIAGNOSTICS v_table = TABLE_NAME;
    IF v_table NOT IN ('account_credentials', 'users') THEN
        RAISE;
    END IF;
    RETURN NULL;
END $$;
