-- Who is due an automatic top-up at p_now, of everybody or of one: a spend has just left them low (mark_low_accounts) and nothing
-- else has taken credits since, allowed, able to pay, not in trouble, none open or just made, and within the money the person
-- allows for this calendar month (UTC). A spend that could not be followed within the hour waits for the next one.
CREATE OR REPLACE FUNCTION public.top_up_due(p_user_id uuid, p_now timestamptz)
RETURNS TABLE (user_id uuid, pack_id text, price_id text, credits integer, unit_amount integer)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT s.user_id, k.pack_id, r.price_id, k.credits, r.unit_amount
      FROM (SELECT * FROM top_up_settings
             WHERE low_at > p_now - interval '1 hour' AND enabled AND paused_at IS NULL AND (p_user_id IS NULL OR user_id = p_user_id) OFFSET 0) s
      JOIN user_credits c ON c.user_id = s.user_id
      JOIN user_plans p ON p.user_id = s.user_id
      JOIN stripe_customers u ON u.user_id = s.user_id
      JOIN packs k ON k.pack_id = s.pack_id
      JOIN stripe_prices r ON r.pack_id = k.pack_id AND r.active
     WHERE spendable_credits(c, p_now) < s.threshold
       AND (SELECT l.credits_used > 0 FROM usage_logs l WHERE l.user_id = s.user_id AND l.delta < 0 ORDER BY l.seq DESC LIMIT 1)
       AND (c.frozen_at IS NULL OR c.frozen_at > p_now) AND p.status <> 'past_due'
       AND NOT has_open_dispute(s.user_id)
       AND NOT EXISTS (SELECT FROM purchases x
                        WHERE x.user_id = s.user_id AND x.kind = 'top_up'
                          AND (x.status IN ('creating', 'open') OR (x.status = 'complete' AND x.created_at > p_now - interval '15 minutes')))
       AND r.unit_amount + top_up_spent(s.user_id, p_now) <= s.monthly_cap_cents
$$;
