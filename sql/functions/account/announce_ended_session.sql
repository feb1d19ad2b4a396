-- Tells every web node that a session is dead, however it died: sign-out, password change, a statement typed by hand.
CREATE OR REPLACE FUNCTION public.announce_ended_session()
RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM pg_notify('aurion_session_ended', OLD.id::text);
    RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER account_sessions_ended AFTER UPDATE OF revoked_at, expires_at ON public.account_sessions
    FOR EACH ROW WHEN ((OLD.revoked_at, OLD.expires_at) IS DISTINCT FROM (NEW.revoked_at, NEW.expires_at))
    EXECUTE FUNCTION public.announce_ended_session();
CREATE OR REPLACE TRIGGER account_sessions_deleted AFTER DELETE ON public.account_sessions
    FOR EACH ROW WHEN (OLD.revoked_at IS NULL)
    EXECUTE FUNCTION public.announce_ended_session();
