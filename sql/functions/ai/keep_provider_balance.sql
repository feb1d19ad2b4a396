-- Keeps what the operator still has at a provider, and tells the administrators once when it runs dry: less than p_least is left, or a
-- call was refused within the last day for lack of money. They are told again only after a day on which neither was so.
-- p_remaining NULL: not known, the last known figure stays; p_fault says why when the provider was asked in vain.
CREATE OR REPLACE FUNCTION public.keep_provider_balance(
    p_provider text, p_remaining bigint, p_fault text, p_least bigint, p_admins text[], p_now timestamptz)
RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    v_account provider_accounts;
    v_is_dry  boolean;
    v_alarms  boolean;
BEGIN
    SELECT * INTO STRICT v_account FROM provider_accounts WHERE provider = p_provider FOR UPDATE;
    IF p_fault IS NULL THEN
        v_account.remaining_microusd := p_remaining;
        v_account.checked_at := p_now;
    END IF;
    v_is_dry := coalesce(v_account.remaining_microusd < p_least, false) OR coalesce(v_account.refused_at > p_now - interval '1 day', false);
    v_alarms := v_is_dry AND v_account.alarmed_at IS NULL;
    IF v_alarms THEN
        PERFORM write_admin_mails(p_admins, 'provider_dry:' || p_provider || ':' || extract(epoch FROM p_now)::bigint, 'provider_dry',
            jsonb_build_object('provider', p_provider, 'remaining', v_account.remaining_microusd, 'refused_at', v_account.refused_at), p_now);
    END IF;
    UPDATE provider_accounts
       SET remaining_microusd = v_account.remaining_microusd, checked_at = v_account.checked_at, fault = p_fault,
           alarmed_at = CASE WHEN v_is_dry THEN coalesce(v_account.alarmed_at, p_now) END
     WHERE provider = p_provider;
    RETURN v_alarms;
END $$;
