-- What a run costs in credits: the tool's price for each unit or, for a model with a price of its own, as many credits as the
-- provider's list price of its tokens and units needs, at least the tool's price. An embedded tool is paid at its
-- launch; what is held for it is a further call. The one place that knows.
CREATE OR REPLACE FUNCTION public.run_price(
    p_tool_id text, p_model_id text, p_version integer, p_units integer, p_prompt_tokens integer, p_completion_tokens integer)
RETURNS integer LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT CASE WHEN m.microdollars_per_credit IS NULL THEN CASE WHEN t.kind = 'embedded' THEN t.call_cost ELSE t.cost END * p_units
                ELSE greatest(t.cost * p_units, ceil(((p_prompt_tokens::numeric * m.prompt_price + p_completion_tokens::numeric * m.completion_price) / 1000000
                                            + p_units::numeric * m.unit_price) / m.microdollars_per_credit)::integer) END
      FROM tools t LEFT JOIN model_prices m ON m.model_id = p_model_id AND m.version = p_version
     WHERE t.tool_id = p_tool_id
$$;
