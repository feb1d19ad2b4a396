-- What is wrong between the holds, the accounts and the ledger; no row when every identity holds.
CREATE OR REPLACE FUNCTION public.hold_faults()
RETURNS TABLE (user_id uuid, seq bigint, fault text) LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT a.user_id, a.ledger_seq, 'held_credits is not what the open holds reserve'
      FROM user_credits a
     WHERE a.held_credits <> (SELECT coalesce(sum(h.ceiling), 0) FROM credit_holds h WHERE h.user_id = a.user_id AND h.state = 'open')
     UNION ALL
    SELECT h.user_id, coalesce(l.seq, 0), CASE
             WHEN h.state = 'open' THEN 'an open hold has been charged'
             WHEN l.seq IS NULL THEN 'a closed hold has no row'
             ELSE 'a hold was closed with other credits than its row has' END
      FROM credit_holds h
      LEFT JOIN usage_logs l ON l.user_id = h.user_id AND l.operation_id = 'hold:' || h.id
     WHERE (h.state = 'open') <> (l.seq IS NULL) OR l.credits_used <> h.credits OR -l.delta <> h.credits
$$;
