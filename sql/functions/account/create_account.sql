-- Creates a user who signs in with e-mail and password; on_auth_user_created adds profile, plan and credits in the same
-- transaction. False when the e-mail is taken; of several at once exactly one gets true.
CREATE OR REPLACE FUNCTION public.create_account(
    p_user_id uuid, p_email text, p_full_name text, p_locale text, p_password_hash text, p_now timestamptz)
RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    v_table text;
BEGIN
    IF EXISTS (SELECT FROM profiles WHERE lower(email) = p_email) THEN
        RETURN false;
    END IF;

    -- The unique key makes a simultaneous request wait here, then find itself late.
    INSERT INTO account_credentials (user_id, email, password_hash, password_changed_at, created_at)
    VALUES (p_user_id, p_email, p_password_hash, p_now, p_now);
    INSERT INTO auth.users (id, email, raw_user_meta_data, created_at, updated_at)
    VALUES (p_user_id, p_email, jsonb_strip_nulls(jsonb_build_object('full_name', p_full_name, 'locale', p_locale)), p_now, p_now);
    RETURN true;
EXCEPTION WHEN unique_violation THEN
    GET STACKED DIAGNOSTICS v_table = TABLE_NAME;
    IF v_table NOT IN ('account_credentials', 'users') THEN
        RAISE;
    END IF;
    RETURN false;
END $$;
