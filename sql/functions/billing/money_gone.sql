-- The cents of a payment that buy nothing any more: what was refunded, what disputes took, and what a bank holds for the time being.
-- A dispute over all that is left freezes instead of taking. Never more than was paid: a refund and then a dispute count once.
CREATE OR REPLACE FUNCTION public.money_gone(p_paid integer, p_refunded integer, p_lost integer, p_disputed integer)
RETURNS integer LANGUAGE sql IMMUTABLE AS $$
    SELECT least(p_refunded + p_lost + CASE WHEN disputes_all(p_paid, p_refunded, p_lost, p_disputed) THEN 0 ELSE p_disputed END, p_paid)
$$;
