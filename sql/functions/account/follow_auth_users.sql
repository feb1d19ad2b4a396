-- What an operator does to a row of auth.users in the database's console holds here, too: a person who is deleted there is closed
-- here, one who gets another address has it everywhere. Sessions end, because their tokens carry the old address.
CREATE OR REPLACE FUNCTION public.follow_deleted_user()
RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM close_account(OLD.id, now());
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION public.follow_renamed_user()
RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    v_email text := lower(btrim(NEW.email));
BEGIN
    IF EXISTS (SELECT FROM profiles WHERE id = NEW.id AND lower(email) = v_email) THEN
        RETURN NULL;
    END IF;
    UPDATE profiles SET email = coalesce(btrim(NEW.email), ''), updated_at = now() WHERE id = NEW.id;
    IF v_email <> '' THEN
        UPDATE account_credentials SET email = v_email WHERE user_id = NEW.id;
    ELSE
        DELETE FROM account_credentials WHERE user_id = NEW.id;
    END IF;
    UPDATE account_sessions SET revoked_at = now() WHERE user_id = NEW.id AND revoked_at IS NULL;
    RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER on_auth_user_deleted AFTER DELETE ON auth.users
    FOR EACH ROW EXECUTE FUNCTION public.follow_deleted_user();
CREATE OR REPLACE TRIGGER on_auth_user_renamed AFTER UPDATE OF email ON auth.users
    FOR EACH ROW WHEN (OLD.email IS DISTINCT FROM NEW.email)
    EXECUTE FUNCTION public.follow_renamed_user();
