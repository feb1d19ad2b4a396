-- How a balance is spoken of: 'out', 'low' (less than a quarter of the plan's credits) or '' when there is nothing to say.
CREATE OR REPLACE FUNCTION public.balance_state(p_spendable integer, p_total integer)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN p_spendable <= 0 THEN 'out' WHEN p_spendable * 4::bigint < p_total THEN 'low' ELSE '' END
$$;
