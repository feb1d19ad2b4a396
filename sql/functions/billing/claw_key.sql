-- The operation of a claw-back or of what it gives back: named by its target, so that any order of events writes the same one, and
-- numbered when the account has been at this target before.
CREATE OR REPLACE FUNCTION public.claw_key(p_user_id uuid, p_ref text, p_target integer)
RETURNS text LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT k.key || CASE count(l.seq) WHEN 0 THEN '' ELSE ':' || count(l.seq) + 1 END
      FROM (SELECT 'claw:' || p_ref || ':' || p_target AS key) k
      LEFT JOIN usage_logs l ON l.user_id = p_user_id AND (l.operation_id = k.key OR starts_with(l.operation_id, k.key || ':'))
     GROUP BY k.key
$$;
