-- The cents that automatic top-ups took, or are about to take, in the calendar month (UTC) of p_now.
CREATE OR REPLACE FUNCTION public.top_up_spent(p_user_id uuid, p_now timestamptz)
RETURNS integer LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT coalesce(sum(amount), 0)::integer FROM purchases
     WHERE user_id = p_user_id AND kind = 'top_up' AND status IN ('creating', 'open', 'complete')
       AND created_at >= date_trunc('month', p_now, 'UTC')
$$;
