-- Whoever deletes a picture, by itself or with its batch or account, leaves its object to be deleted at once.
CREATE OR REPLACE FUNCTION public.release_object()
RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO unused_objects (key, due_at) VALUES (OLD.object_key, '-infinity');
    RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER picture_files_object AFTER DELETE ON public.picture_files
    FOR EACH ROW WHEN (OLD.object_key IS NOT NULL) EXECUTE FUNCTION public.release_object();
