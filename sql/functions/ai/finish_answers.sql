-- Ends a group of answers, each once: what was stored of it becomes its content, and its hold is closed in the same transaction. A text
-- that reached the person is settled, nothing is released. Without the provider's figures tokens are estimated from the text.
-- Whoever comes second gets the figures of the first.
CREATE OR REPLACE FUNCTION public.finish_answers(
    p_user_ids uuid[], p_ids uuid[], p_states text[], p_reasons text[], p_prompt_tokens integer[], p_completion_tokens integer[],
    p_costs_microusd bigint[], p_generation_ids text[], p_now timestamptz DEFAULT now())
RETURNS TABLE (place bigint, state text, credits integer)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
BEGIN
    PERFORM FROM messages m JOIN unnest(p_user_ids, p_ids) AS e (user_id, id) ON m.user_id = e.user_id AND m.id = e.id
      ORDER BY m.user_id, m.id FOR UPDATE OF m;

    RETURN QUERY
        WITH asked AS MATERIALIZED (
            SELECT e.*, m.state AS old_state, m.credits AS old_credits, m.prompt_tokens AS sent_tokens
              FROM unnest(p_user_ids, p_ids, p_states, p_reasons, p_prompt_tokens, p_completion_tokens, p_costs_microusd, p_generation_ids)
                   WITH ORDINALITY AS e (user_id, id, state, reason, prompt_tokens, completion_tokens, cost_microusd, generation_id, place)
              LEFT JOIN messages m ON m.user_id = e.user_id AND m.id = e.id
        ), ending AS MATERIALIZED (
            SELECT DISTINCT ON (a.user_id, a.id) a.*, t.content, t.content ~ '\S' AS has_text,
                   coalesce(a.reason, CASE WHEN a.state = 'stopped' THEN 'stopped' WHEN t.content !~ '\S' THEN 'blank' END) AS why
              FROM asked a
             CROSS JOIN LATERAL (SELECT coalesce(string_agg(text, '' ORDER BY starts_at), '') AS content
                                   FROM message_parts p WHERE p.user_id = a.user_id AND p.message_id = a.id) AS t
             WHERE (a.old_state <> 'writing') IS NOT TRUE
             ORDER BY a.user_id, a.id, a.place
        ), closed AS MATERIALIZED (
            SELECT c.credits, c.seq, e.users[c.place] AS user_id, e.ids[c.place] AS id
              FROM (SELECT array_agg(user_id) AS users, array_agg(id) AS ids, array_agg(has_text::integer) AS units,
                           array_agg(coalesce(prompt_tokens, sent_tokens, 0)) AS prompts,
                           array_agg(coalesce(completion_tokens, ceil(octet_length(content) / 4.0)::integer)) AS completions,
                           array_agg(cost_microusd) AS costs, array_agg(generation_id) AS generations, array_agg(why) AS reasons
                      FROM ending) AS e
             CROSS JOIN LATERAL close_holds(e.users, e.ids, e.units, e.prompts, e.completions, e.costs, e.generations, e.reasons, p_now) AS c
        ), ended AS MATERIALIZED (
            SELECT e.user_id, e.id, e.content, e.why, c.credits, c.seq, CASE WHEN e.has_text OR e.state = 'stopped' THEN e.state ELSE 'failed' END AS state
              FROM ending e JOIN closed c ON c.user_id = e.user_id AND c.id = e.id
        ), written AS (
            UPDATE messages m
               SET content = e.content, state = e.state, credits = e.credits, ledger_seq = e.seq, closed_at = p_now, reason = e.why
              FROM ended e WHERE m.user_id = e.user_id AND m.id = e.id
        ), stored AS (
            DELETE FROM message_parts p USING ended e WHERE p.user_id = e.user_id AND p.message_id = e.id
        )
        SELECT a.place, coalesce(e.state, a.old_state), CASE WHEN e.id IS NULL THEN a.old_credits ELSE e.credits END
          FROM asked a LEFT JOIN ended e ON e.user_id = a.user_id AND e.id = a.id;
END $$;
