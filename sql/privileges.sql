-- Re-applied after every other function: nothing here is for PUBLIC, anon or authenticated.
DO $$
DECLARE v_function regprocedure;
BEGIN
    FOR v_function IN
        SELECT p.oid::regprocedure FROM pg_proc p
         WHERE p.pronamespace = 'public'::regnamespace AND p.proowner = current_user::regrole
           AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
    LOOP
        EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC, anon, authenticated', v_function);
        EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO aurion_service', v_function);
    END LOOP;
    -- Read-only helpers of a user's own pages.
    GRANT EXECUTE ON FUNCTION public.has_open_dispute(uuid) TO authenticated;
    GRANT EXECUTE ON FUNCTION public.balance_notice(user_credits, integer, timestamptz) TO authenticated;
    GRANT EXECUTE ON FUNCTION public.balance_state(integer, integer) TO authenticated;
    GRANT EXECUTE ON FUNCTION public.spendable_bonus(uuid, timestamptz) TO authenticated;
    GRANT EXECUTE ON FUNCTION public.spendable_credits(user_credits, timestamptz) TO authenticated;
    GRANT EXECUTE ON FUNCTION public.spending_room(user_credits, timestamptz) TO authenticated;
    GRANT EXECUTE ON FUNCTION public.top_up_spent(uuid, timestamptz) TO authenticated;
END $$;

ALTER TABLE public.schema_migrations ENABLE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS service ON public.schema_migrations;
CREATE POLICY service ON public.schema_migrations FOR SELECT TO aurion_service USING (true);
GRANT SELECT ON public.schema_migrations TO aurion_service;
