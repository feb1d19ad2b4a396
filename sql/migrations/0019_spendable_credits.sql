-- It returns what may be spent as well, from the one formula.
DROP FUNCTION IF EXISTS public.consume_user_credits(uuid[], text[], text[], uuid[], boolean[], timestamptz[], timestamptz);
