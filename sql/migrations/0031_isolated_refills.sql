-- Both take the accounts to serve as a further argument; beside them the old ones would be ambiguous.
DROP FUNCTION IF EXISTS public.reset_monthly_credits(timestamptz, integer);
DROP FUNCTION IF EXISTS public.sweep_expired_grants(timestamptz);
