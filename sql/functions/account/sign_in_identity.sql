-- Whose account a subject of an outside provider is: the one it opened before; else, by an address that the provider has verified, the
-- one that has this address; else a new one, with its credits and the mail that welcomes. Opens a session unless p_session_id is NULL.
-- An outcome other than 'signed_in' opens and changes nothing:
--   'unverified'  the subject is new, and the provider vouches for no address
--   'other'       the account with this address belongs to another subject of the provider (p_other_subject says that it is gone there)
--   'disabled'    an administrator has locked the account
--   'leaving'     the account is to be erased, which its owner may undo first
--   'deleted'     the provider has told that this subject was deleted
CREATE OR REPLACE FUNCTION public.sign_in_identity(
    p_provider text, p_subject text, p_email text, p_full_name text, p_locale text, p_other_subject text, p_new_user_id uuid,
    p_session_id uuid, p_user_agent text, p_provider_session text, p_expires_at timestamptz, p_now timestamptz,
    OUT outcome text, OUT user_id uuid, OUT email text, OUT other_subject text, OUT is_new boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE
    v_email text := lower(btrim(p_email));
    v_table text;
BEGIN
    is_new := false;
    -- What is found out about a subject holds until the end: its sign-ins, calls and events take turns.
    PERFORM pg_advisory_xact_lock(hashtextextended('identity ' || p_provider || ' ' || p_subject, 0));
    IF EXISTS (SELECT FROM identity_events e WHERE e.provider = p_provider AND e.subject = p_subject AND e.type = 'user.deleted') THEN
        outcome := 'deleted';
        RETURN;
    END IF;

    SELECT i.user_id INTO sign_in_identity.user_id FROM account_identities i WHERE i.provider = p_provider AND i.subject = p_subject;
    IF FOUND THEN
        PERFORM follow_identity(p_provider, p_subject, v_email, p_full_name, p_now);
    ELSIF v_email IS NULL OR v_email = '' THEN
        outcome := 'unverified';
        RETURN;
    ELSE
        SELECT p.id INTO sign_in_identity.user_id FROM profiles p
         WHERE p.id IN (SELECT o.id FROM profiles o WHERE lower(o.email) = v_email UNION ALL SELECT c.user_id FROM account_credentials c WHERE c.email = v_email)
         ORDER BY p.created_at LIMIT 1 FOR UPDATE;
        IF FOUND THEN
            SELECT i.subject INTO sign_in_identity.other_subject FROM account_identities i
             WHERE i.user_id = sign_in_identity.user_id AND i.provider = p_provider;
            IF FOUND AND other_subject IS DISTINCT FROM p_other_subject THEN
                outcome := 'other';
                user_id := NULL;
                RETURN;
            END IF;
            other_subject := NULL;
            PERFORM adopt_account(sign_in_identity.user_id, v_email, p_provider, p_now);
        ELSE
            is_new := true;
            sign_in_identity.user_id := p_new_user_id;
        END IF;
        BEGIN
            IF is_new THEN
                INSERT INTO account_credentials (user_id, email, verified_at, created_at) VALUES (p_new_user_id, v_email, p_now, p_now);
                INSERT INTO auth.users (id, email, raw_user_meta_data, created_at, updated_at)
                VALUES (p_new_user_id, v_email, jsonb_strip_nulls(jsonb_build_object('full_name', p_full_name, 'locale', p_locale)), p_now, p_now);
                INSERT INTO mails (user_id, source_ref, kind, facts, created_at, next_attempt_at)
                VALUES (p_new_user_id, 'welcome', 'welcome', '{}', p_now, p_now);
            END IF;
            INSERT INTO account_identities (user_id, provider, subject, email, full_name, created_at, last_used_at)
            VALUES (sign_in_identity.user_id, p_provider, p_subject, v_email, p_full_name, p_now, p_now);
        EXCEPTION WHEN unique_violation THEN
            GET STACKED DIAGNOSTICS v_table = TABLE_NAME;
            IF v_table NOT IN ('account_credentials', 'users', 'account_identities') THEN
                RAISE;
            END IF;
            -- Somebody else has made it meanwhile: the webhook of the same person, or a sign-up with the same address.
            SELECT * INTO outcome, sign_in_identity.user_id, email, other_subject, is_new
              FROM sign_in_identity(p_provider, p_subject, p_email, p_full_name, p_locale, p_other_subject, p_new_user_id,
                                    p_session_id, p_user_agent, p_provider_session, p_expires_at, p_now);
            RETURN;
        END;
    END IF;

    -- Locked, so that a sign-in and an administrator who disables take turns.
    PERFORM FROM account_credentials c WHERE c.user_id = sign_in_identity.user_id AND c.disabled_at IS NOT NULL FOR SHARE;
    IF FOUND THEN
        outcome := 'disabled';
        user_id := NULL;
        RETURN;
    END IF;

    IF EXISTS (SELECT FROM account_deletions d WHERE d.user_id = sign_in_identity.user_id) THEN
        outcome := 'leaving';
        RETURN;
    END IF;

    SELECT p.email INTO sign_in_identity.email FROM profiles p WHERE p.id = sign_in_identity.user_id;
    IF p_session_id IS NOT NULL THEN
        INSERT INTO account_sessions (user_id, id, created_at, expires_at, last_seen_at, user_agent, provider_session)
        VALUES (sign_in_identity.user_id, p_session_id, p_now, p_expires_at, p_now, p_user_agent, p_provider_session);
        UPDATE account_identities i SET last_used_at = p_now WHERE i.provider = p_provider AND i.subject = p_subject;
    END IF;
    outcome := 'signed_in';
END $$;
