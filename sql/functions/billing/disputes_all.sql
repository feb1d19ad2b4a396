-- Whether a bank looks into all the money of a payment that has not gone back already.
CREATE OR REPLACE FUNCTION public.disputes_all(p_paid integer, p_refunded integer, p_lost integer, p_disputed integer)
RETURNS boolean LANGUAGE sql IMMUTABLE AS $$ SELECT p_disputed > 0 AND p_refunded + p_lost + p_disputed >= p_paid $$;
