-- One event of a provider about a user, once: 'applied', 'repeated' when it came before, 'stale' when a newer one of the same subject
-- has come, or why it changes nothing (the outcomes of sign_in_identity). A user who was deleted there and has no other way to sign in
-- is closed here.
CREATE OR REPLACE FUNCTION public.apply_identity_event(
    p_provider text, p_event_id text, p_type text, p_subject text, p_email text, p_full_name text, p_locale text,
    p_occurred_at timestamptz, p_new_user_id uuid, p_now timestamptz)
RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    v_user_id uuid;
    v_outcome text;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('identity ' || p_provider || ' ' || p_subject, 0));
    INSERT INTO identity_events (provider, event_id, type, subject, occurred_at, received_at)
    VALUES (p_provider, p_event_id, p_type, p_subject, p_occurred_at, p_now)
    ON CONFLICT DO NOTHING;
    IF NOT FOUND THEN
        RETURN 'repeated';
    END IF;

    IF p_type = 'user.deleted' THEN
        DELETE FROM account_identities WHERE provider = p_provider AND subject = p_subject RETURNING user_id INTO v_user_id;
        IF v_user_id IS NULL THEN
            RETURN 'applied';
        END IF;
        IF EXISTS (SELECT FROM account_identities WHERE user_id = v_user_id)
           OR EXISTS (SELECT FROM account_credentials WHERE user_id = v_user_id AND password_hash IS NOT NULL) THEN
            UPDATE account_sessions SET revoked_at = p_now WHERE user_id = v_user_id AND revoked_at IS NULL AND provider_session IS NOT NULL;
        ELSE
            PERFORM close_account(v_user_id, p_now);
        END IF;
        RETURN 'applied';
    END IF;

    IF EXISTS (SELECT FROM identity_events WHERE provider = p_provider AND subject = p_subject
                  AND (type = 'user.deleted' OR occurred_at > p_occurred_at)) THEN
        RETURN 'stale';
    END IF;
    SELECT s.outcome INTO v_outcome
      FROM sign_in_identity(p_provider, p_subject, p_email, p_full_name, p_locale, NULL, p_new_user_id, NULL, NULL, NULL, NULL, p_now) s;
    RETURN CASE v_outcome WHEN 'signed_in' THEN 'applied' ELSE v_outcome END;
END $$;
