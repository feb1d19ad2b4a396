-- The ledger is append-only, for its owner too.
CREATE OR REPLACE FUNCTION public.refuse_ledger_change()
RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'usage_logs is append-only: % refused', TG_OP USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE OR REPLACE TRIGGER usage_logs_append_only BEFORE UPDATE OR DELETE ON public.usage_logs
    FOR EACH ROW EXECUTE FUNCTION public.refuse_ledger_change();
CREATE OR REPLACE TRIGGER usage_logs_no_truncate BEFORE TRUNCATE ON public.usage_logs
    FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_ledger_change();
