-- Closes a group of runs, each as close_hold would; one call, one commit. The ordinary run (its hold is open, no other of its account is
-- in the group, the plan's credits pay it) is closed with all others of its kind by one statement, every other one by close_hold.
CREATE OR REPLACE FUNCTION public.close_holds(
    p_user_ids uuid[], p_ids uuid[], p_units integer[], p_prompt_tokens integer[], p_completion_tokens integer[], p_costs_microusd bigint[],
    p_generation_ids text[], p_reasons text[], p_now timestamptz DEFAULT now())
RETURNS TABLE (place bigint, outcome text, credits integer, seq bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
-- One plan for any size of table: one that was made on a young, empty table would read all of it later.
SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET enable_bitmapscan = off AS $$
#variable_conflict use_column
DECLARE
    v_alone  uuid[];
    v_served bigint[] := '{}';
BEGIN
    PERFORM FROM user_credits WHERE user_id = ANY (p_user_ids) ORDER BY user_id FOR NO KEY UPDATE;
    v_alone := ARRAY(SELECT u FROM unnest(p_user_ids) AS u GROUP BY u HAVING count(*) = 1);

    FOR place, outcome, credits, seq IN
        WITH asked AS MATERIALIZED (
            SELECT i.*, h.tool_id, h.ceiling, p.price, least(p.price, h.ceiling) AS charged,
                   jsonb_strip_nulls(jsonb_build_object('tool_id', h.tool_id, 'action', 'use', 'run', i.id, 'model', h.model_id, 'reason', i.reason)) AS metadata,
                   jsonb_build_object('plan', least(p.price, h.ceiling)) AS buckets
              FROM unnest(p_user_ids, p_ids, p_units, p_prompt_tokens, p_completion_tokens, p_costs_microusd, p_generation_ids, p_reasons)
                   WITH ORDINALITY AS i (user_id, id, units, prompt_tokens, completion_tokens, cost_microusd, generation_id, reason, place)
              -- OFFSET: looked up by its key; the planner would rather read the index of all open holds for each run.
              JOIN LATERAL (SELECT * FROM credit_holds h WHERE h.user_id = i.user_id AND h.id = i.id OFFSET 0) AS h ON h.state = 'open'
              JOIN tools t ON t.tool_id = h.tool_id
              LEFT JOIN model_prices v ON v.model_id = h.model_id AND v.version = h.price_version
             CROSS JOIN LATERAL (SELECT CASE WHEN i.units > 0 THEN run_price(t, v, least(i.units, h.units), i.prompt_tokens, i.completion_tokens) ELSE 0 END AS price) AS p
             WHERE i.user_id = ANY (v_alone)
        ), taken AS (
            UPDATE user_credits c
               SET held_credits = c.held_credits - a.ceiling, used_credits = c.used_credits + a.charged, ledger_seq = c.ledger_seq + 1,
                   ledger_hash = ledger_hash(c.ledger_hash, c.user_id, c.ledger_seq + 1, p_now, 'use_tool_' || a.tool_id, a.charged, -a.charged,
                       c.total_credits - c.used_credits - a.charged + c.bonus_credits, 'hold:' || a.id, 'user', a.metadata, a.buckets, NULL)
              FROM asked a
             WHERE c.user_id = a.user_id AND c.used_credits + a.charged <= c.total_credits
            RETURNING a.*, c.total_credits - c.used_credits + c.bonus_credits AS balance, c.ledger_seq, c.ledger_hash
        ), logged AS (
            INSERT INTO usage_logs (user_id, seq, created_at, action_type, credits_used, delta, balance_after, operation_id, actor, metadata, buckets, hash)
            SELECT user_id, ledger_seq, p_now, 'use_tool_' || tool_id, charged, -charged, balance, 'hold:' || id, 'user', metadata, buckets, ledger_hash FROM taken
        ), closed AS (
            UPDATE credit_holds h
               SET state = CASE WHEN t.units > 0 THEN 'settled' ELSE 'released' END, closed_at = p_now, credits = t.charged, lost_credits = t.price - t.charged,
                   reason = t.reason, prompt_tokens = t.prompt_tokens, completion_tokens = t.completion_tokens, cost_microusd = t.cost_microusd,
                   generation_id = t.generation_id
              FROM taken t
             WHERE h.user_id = t.user_id AND h.id = t.id
        )
        SELECT place, CASE WHEN units > 0 THEN 'SETTLED' ELSE 'RELEASED' END, charged, ledger_seq FROM taken
    LOOP
        v_served := v_served || place;
        RETURN NEXT;
    END LOOP;
    IF cardinality(v_served) = cardinality(p_user_ids) THEN
        RETURN;
    END IF;

    RETURN QUERY
        SELECT i.place, c.*
          FROM (SELECT * FROM unnest(p_user_ids, p_ids, p_units, p_prompt_tokens, p_completion_tokens, p_costs_microusd, p_generation_ids, p_reasons)
                    WITH ORDINALITY AS i (user_id, id, units, prompt_tokens, completion_tokens, cost_microusd, generation_id, reason, place)
                 WHERE place <> ALL (v_served)
                 ORDER BY user_id, place OFFSET 0) AS i
         CROSS JOIN LATERAL close_hold(i.user_id, i.id, i.units, i.prompt_tokens, i.completion_tokens, i.cost_microusd, i.generation_id, i.reason, p_now) AS c;
END $$;
