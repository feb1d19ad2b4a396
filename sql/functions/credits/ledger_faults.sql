-- What is wrong in the books, worst first by account and seq; no row when every identity holds.
CREATE OR REPLACE FUNCTION public.ledger_faults()
RETURNS TABLE (user_id uuid, seq bigint, fault text) LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    WITH chained AS (
        SELECT l.*, coalesce(lag(l.hash) OVER w, ''::bytea) AS previous, lag(l.hash_form) OVER w AS previous_form, row_number() OVER w AS nth, sum(l.delta) OVER w AS running
          FROM usage_logs l WINDOW w AS (PARTITION BY l.user_id ORDER BY l.seq)
    ), rows_checked AS (
        SELECT c.user_id, c.seq, CASE
                 WHEN c.seq <> c.nth THEN 'a row is missing before this one'
                 WHEN c.balance_after <> c.running THEN 'balance_after is not the sum of the movements'
                 WHEN c.hash_form < c.previous_form THEN 'a row in an old form follows one in a newer form'
                 WHEN c.hash IS DISTINCT FROM CASE c.hash_form
                        WHEN 1 THEN ledger_hash_1(c.previous, c.user_id, c.seq, c.created_at, c.action_type, c.credits_used, c.delta,
                                                  c.balance_after, c.operation_id, c.actor, c.metadata, c.buckets, c.session_id)
                        WHEN 2 THEN ledger_hash(c.previous, c.user_id, c.seq, c.created_at, c.action_type, c.credits_used, c.delta,
                                                c.balance_after, c.operation_id, c.actor, c.metadata, c.buckets, c.session_id) END THEN 'the hash does not match the row'
               END AS fault
          FROM chained c
    ), accounts_checked AS (
        SELECT a.user_id, a.ledger_seq AS seq, CASE
                 WHEN a.ledger_seq <> coalesce(h.seq, 0) OR a.ledger_hash <> coalesce(h.hash, ''::bytea) THEN 'the account does not end at the ledger''s last row'
                 WHEN a.total_credits - a.used_credits + a.bonus_credits <> coalesce(h.balance_after, 0) THEN 'the balance is not the sum of the ledger'
                 WHEN a.bonus_credits <> coalesce(g.remaining, 0) THEN 'bonus_credits is not what the grants hold'
               END AS fault
          FROM user_credits a
          LEFT JOIN LATERAL (SELECT l.seq, l.hash, l.balance_after FROM usage_logs l WHERE l.user_id = a.user_id ORDER BY l.seq DESC LIMIT 1) AS h ON true
          LEFT JOIN LATERAL (SELECT sum(g.remaining) AS remaining FROM credit_grants g WHERE g.user_id = a.user_id) AS g ON true
    )
    SELECT * FROM (SELECT * FROM rows_checked UNION ALL SELECT * FROM accounts_checked UNION ALL SELECT * FROM hold_faults()) AS f
     WHERE fault IS NOT NULL ORDER BY user_id, seq
$$;
