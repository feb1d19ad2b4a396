-- What a run costs in credits: the tool's price for each unit or, for a model with a price of its own, as many credits as the
-- provider's list price of its tokens and units needs, at least the tool's price. An embedded tool is paid at its
-- launch; what is held for it is a further call. The one place that knows. Without a search path of its own, so that the planner inlines it.
CREATE OR REPLACE FUNCTION public.run_price(
    p_tool tools, p_price model_prices, p_units integer, p_prompt_tokens integer, p_completion_tokens integer)
RETURNS integer LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN p_price.microdollars_per_credit IS NULL THEN CASE WHEN p_tool.kind = 'embedded' THEN p_tool.call_cost ELSE p_tool.cost END * p_units
                ELSE greatest(p_tool.cost * p_units, ceil(((p_prompt_tokens::numeric * p_price.prompt_price + p_completion_tokens::numeric * p_price.completion_price) / 1000000
                                            + p_units::numeric * p_price.unit_price) / p_price.microdollars_per_credit)::integer) END
$$;

-- The same by names: of a tool, a model and a version of its price.
CREATE OR REPLACE FUNCTION public.run_price(
    p_tool_id text, p_model_id text, p_version integer, p_units integer, p_prompt_tokens integer, p_completion_tokens integer)
RETURNS integer LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT run_price(t, v, p_units, p_prompt_tokens, p_completion_tokens)
      FROM tools t LEFT JOIN model_prices v ON v.model_id = p_model_id AND v.version = p_version
     WHERE t.tool_id = p_tool_id
$$;
