-- What an account may spend at p_now: what is left of the plan's credits, nothing of them while it is frozen (a freeze may be
-- written ahead of time and takes hold at its instant), and what its grants hold, less what open runs have reserved. The one place
-- that adds these parts.
CREATE OR REPLACE FUNCTION public.spendable_credits(p_account user_credits, p_now timestamptz)
RETURNS integer LANGUAGE sql STABLE AS $$
    SELECT greatest(0, CASE WHEN p_account.frozen_at <= p_now THEN 0 ELSE p_account.total_credits - p_account.used_credits END
         + CASE WHEN p_account.bonus_credits = 0 THEN 0 ELSE public.spendable_bonus(p_account.user_id, p_now) END
         - p_account.held_credits)
$$;
