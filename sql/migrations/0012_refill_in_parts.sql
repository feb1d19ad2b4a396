-- The refill takes a size now; without this the old form would stand beside the new one.
DROP FUNCTION IF EXISTS public.reset_monthly_credits(timestamptz);
