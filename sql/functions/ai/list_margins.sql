-- What each tool, model and plan brought in and cost in runs that closed from p_from until before p_until. Revenue: the credits
-- charged, at the plan's monthly price for its monthly credits; cost: what the provider reported. Both in micro-dollars.
-- A launch pays for the calls that it includes, and is counted with the first of them that closed.
-- failures: runs that delivered nothing; unknown_costs: runs whose cost the provider has not told yet; lost_credits: delivered
-- and not charged.
CREATE OR REPLACE FUNCTION public.list_margins(p_from timestamptz, p_until timestamptz)
RETURNS TABLE (tool text, model text, plan text, runs integer, failures integer, unknown_costs integer, credits integer, lost_credits integer,
               prompt_tokens bigint, completion_tokens bigint, revenue bigint, cost bigint)
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT t.name, coalesce(m.name, h.model_id), p.name, count(*) FILTER (WHERE h.is_delivered)::integer, count(*) FILTER (WHERE NOT h.is_delivered)::integer,
           count(*) FILTER (WHERE h.cost_microusd IS NULL AND h.generation_id IS NOT NULL)::integer, sum(h.credits)::integer, sum(h.lost_credits)::integer,
           coalesce(sum(h.prompt_tokens), 0), coalesce(sum(h.completion_tokens), 0),
           round(sum(h.credits)::numeric * p.monthly_price_cents * 10000 / p.credits_monthly)::bigint, coalesce(sum(h.cost_microusd), 0)::bigint
      FROM (SELECT tool_id, model_id, plan_type, state = 'settled' AS is_delivered, credits, lost_credits, prompt_tokens, completion_tokens, cost_microusd, generation_id
              FROM credit_holds
             WHERE state <> 'open' AND closed_at >= p_from AND closed_at < p_until
             UNION ALL
            SELECT r.tool_id, r.model_id, r.plan_type, r.state = 'done',
                   CASE WHEN r.state = 'done' AND NOT EXISTS (SELECT FROM tool_runs o WHERE o.user_id = r.user_id AND o.session_id = r.session_id AND o.state = 'done' AND o.pays <> 'extra'
                                                                 AND (o.closed_at, o.id) < (r.closed_at, r.id)) THEN s.credits_consumed ELSE 0 END,
                   0, r.prompt_tokens, r.completion_tokens, r.cost_microusd, r.generation_id
              FROM tool_runs r JOIN tool_sessions s ON s.user_id = r.user_id AND s.id = r.session_id
             WHERE r.state <> 'running' AND r.pays <> 'extra' AND r.closed_at >= p_from AND r.closed_at < p_until) h
      JOIN tools t ON t.tool_id = h.tool_id
      JOIN plans p ON p.plan_type = coalesce(h.plan_type, 'free')
      LEFT JOIN ai_models m ON m.model_id = h.model_id
     GROUP BY t.tool_id, m.model_id, h.model_id, p.plan_type
$$;
