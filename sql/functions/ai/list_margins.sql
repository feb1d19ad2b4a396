-- What each tool, model and plan brought in and cost in runs that closed from p_from until before p_until. Revenue: the credits
-- charged, at the plan's monthly price for its monthly credits; cost: what the provider reported. Both in micro-dollars.
-- failures: runs that delivered nothing; unknown_costs: runs whose cost the provider has not told yet; lost_credits: delivered
-- and not charged.
CREATE OR REPLACE FUNCTION public.list_margins(p_from timestamptz, p_until timestamptz)
RETURNS TABLE (tool text, model text, plan text, runs integer, failures integer, unknown_costs integer, credits integer, lost_credits integer,
               prompt_tokens bigint, completion_tokens bigint, revenue bigint, cost bigint)
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT t.name, coalesce(m.name, h.model_id), p.name, count(*) FILTER (WHERE h.state = 'settled')::integer, count(*) FILTER (WHERE h.state = 'released')::integer,
           count(*) FILTER (WHERE h.cost_microusd IS NULL AND h.generation_id IS NOT NULL)::integer, sum(h.credits)::integer, sum(h.lost_credits)::integer,
           coalesce(sum(h.prompt_tokens), 0), coalesce(sum(h.completion_tokens), 0),
           round(sum(h.credits)::numeric * p.monthly_price_cents * 10000 / p.credits_monthly)::bigint, coalesce(sum(h.cost_microusd), 0)::bigint
      FROM credit_holds h
      JOIN tools t ON t.tool_id = h.tool_id
      JOIN plans p ON p.plan_type = coalesce(h.plan_type, 'free')
      LEFT JOIN ai_models m ON m.model_id = h.model_id
     WHERE h.state <> 'open' AND h.closed_at >= p_from AND h.closed_at < p_until
     GROUP BY t.tool_id, m.model_id, h.model_id, p.plan_type
$$;
