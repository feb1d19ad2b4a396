-- What the user's grants hold at p_now: begun, not expired, not frozen by a dispute.
CREATE OR REPLACE FUNCTION public.spendable_bonus(p_user_id uuid, p_now timestamptz)
RETURNS integer LANGUAGE sql STABLE AS $$
    SELECT coalesce(sum(remaining), 0)::integer
      FROM credit_grants
     WHERE user_id = p_user_id AND remaining > 0 AND effective_at <= p_now
       AND (expires_at IS NULL OR expires_at > p_now) AND frozen_at IS NULL
$$;
