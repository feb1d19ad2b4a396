-- What a provider says of a subject now, against what it said last: an address that it has verified and that nobody else has here
-- becomes the account's, which ends its sessions (see follow_renamed_user); one that somebody else has stays theirs. Google and GitHub
-- tell who signs in and are not asked for the address again.
CREATE OR REPLACE FUNCTION public.follow_identity(p_provider text, p_subject text, p_email text, p_full_name text, p_now timestamptz)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    v_identity account_identities;
BEGIN
    SELECT * INTO v_identity FROM account_identities WHERE provider = p_provider AND subject = p_subject FOR UPDATE;
    IF NOT FOUND OR p_provider <> 'clerk' THEN
        RETURN;
    END IF;
    IF p_full_name IS NOT NULL AND p_full_name IS DISTINCT FROM v_identity.full_name THEN
        UPDATE account_identities SET full_name = p_full_name WHERE provider = p_provider AND subject = p_subject;
        UPDATE profiles SET full_name = p_full_name, updated_at = p_now WHERE id = v_identity.user_id;
    END IF;
    IF p_email IS NULL OR p_email IS NOT DISTINCT FROM v_identity.email
       OR EXISTS (SELECT FROM profiles WHERE lower(email) = p_email AND id <> v_identity.user_id)
       OR EXISTS (SELECT FROM account_credentials WHERE email = p_email AND user_id <> v_identity.user_id) THEN
        RETURN;
    END IF;
    BEGIN
        UPDATE auth.users SET email = p_email, updated_at = p_now WHERE id = v_identity.user_id;
        UPDATE account_identities SET email = p_email WHERE provider = p_provider AND subject = p_subject;
    EXCEPTION WHEN unique_violation THEN
        -- Somebody signed up with it at this moment: it is theirs.
        NULL;
    END;
END $$;
