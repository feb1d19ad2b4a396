-- Writes down a call of a model before the provider is asked. The session's row is locked, so that two calls do not both take the
-- last one of its budget. p_is_extra: a hold of the same id stands, because the person agreed to pay.
-- Outcomes: BEGUN, REPEATED (the same id: its run as it stands), SESSION_EXPIRED, BUSY (three run at this moment), TOOL_UNAVAILABLE
-- (the tool has no model, or is stopped: then a launch that has answered nothing is given back), TOO_LONG, BUDGET_SPENT (a further call costs price). A repair of a run of this session is free twice.
CREATE OR REPLACE FUNCTION public.begin_tool_run(
    p_user_id uuid, p_session_id uuid, p_tool_id text, p_id uuid, p_purpose text, p_repairs uuid, p_is_extra boolean, p_prompt_tokens integer,
    p_lifetime interval, p_now timestamptz)
RETURNS TABLE (outcome text, pays text, calls_left integer, price integer, model_id text, answer_tokens integer, most_prompt_price bigint, most_completion_price bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE
    c_at_once CONSTANT integer := 3;
    c_repairs CONSTANT integer := 2;
    v_tool    tools;
    v_running integer;
    v_plan    text;
BEGIN
    SELECT * INTO v_tool FROM tools WHERE tool_id = p_tool_id;
    IF v_tool.status <> 'live' THEN
        -- Locked before the session, as a launch does.
        PERFORM FROM user_credits WHERE user_id = p_user_id FOR NO KEY UPDATE;
    END IF;
    PERFORM FROM tool_sessions
      WHERE user_id = p_user_id AND id = p_session_id AND tool_id = p_tool_id AND ended_at IS NULL AND expires_at > p_now FOR UPDATE;
    IF NOT FOUND THEN
        RETURN QUERY SELECT 'SESSION_EXPIRED', NULL::text, 0, 0, NULL::text, 0, 0::bigint, 0::bigint;
        RETURN;
    END IF;
    SELECT count(*) FILTER (WHERE state = 'running'), v_tool.included_calls - count(*) FILTER (WHERE pays = 'included' AND state <> 'failed')
      INTO v_running, calls_left
      FROM tool_runs WHERE user_id = p_user_id AND session_id = p_session_id;
    price := v_tool.call_cost;
    answer_tokens := v_tool.answer_tokens;
    -- A model that is switched off is replaced by the first whose price is flat.
    SELECT m.model_id, v.prompt_price, v.completion_price INTO model_id, most_prompt_price, most_completion_price
      FROM ai_models m
      JOIN LATERAL (SELECT * FROM model_prices v WHERE v.model_id = m.model_id AND v.valid_from <= p_now ORDER BY v.version DESC LIMIT 1) v ON true
     WHERE m.status = 'live' AND m.kind = 'text' AND (m.model_id = v_tool.model_id OR v.microdollars_per_credit IS NULL)
     ORDER BY m.model_id <> v_tool.model_id, m.sort LIMIT 1;

    IF EXISTS (SELECT FROM tool_runs WHERE user_id = p_user_id AND id = p_id) THEN outcome := 'REPEATED';
    ELSIF v_tool.call_cost IS NULL OR model_id IS NULL THEN outcome := 'TOOL_UNAVAILABLE';
    ELSIF v_tool.status <> 'live' THEN
        outcome := 'TOOL_UNAVAILABLE';
        IF NOT EXISTS (SELECT FROM tool_runs WHERE user_id = p_user_id AND session_id = p_session_id AND state <> 'failed') THEN
            PERFORM refund_user_credits(p_user_id, (SELECT operation_id FROM tool_sessions WHERE user_id = p_user_id AND id = p_session_id), 'tool_stopped', p_now);
        END IF;
    ELSIF p_prompt_tokens > v_tool.prompt_tokens THEN outcome := 'TOO_LONG';
    ELSIF v_running >= c_at_once THEN outcome := 'BUSY';
    ELSE
        pays := CASE WHEN p_repairs IS NOT NULL THEN 'free' WHEN calls_left > 0 AND NOT p_is_extra THEN 'included' WHEN p_is_extra THEN 'extra' END;
        IF pays = 'free' AND (
               NOT EXISTS (SELECT FROM tool_runs WHERE user_id = p_user_id AND session_id = p_session_id AND id = p_repairs AND state = 'done' AND pays <> 'free')
            OR (SELECT count(*) FROM tool_runs WHERE user_id = p_user_id AND session_id = p_session_id AND repairs = p_repairs AND state <> 'failed') >= c_repairs) THEN
            pays := NULL;
        END IF;
        outcome := CASE WHEN pays IS NULL THEN CASE WHEN p_repairs IS NULL THEN 'BUDGET_SPENT' ELSE 'NO_REPAIR' END ELSE 'BEGUN' END;
        IF pays IS NOT NULL THEN
            SELECT plan_type INTO STRICT v_plan FROM user_plans WHERE user_id = p_user_id;
            INSERT INTO tool_runs (user_id, id, session_id, tool_id, plan_type, model_id, purpose, pays, repairs, prompt_tokens, created_at, expires_at)
            VALUES (p_user_id, p_id, p_session_id, p_tool_id, v_plan, model_id, p_purpose, pays, p_repairs, p_prompt_tokens, p_now, p_now + p_lifetime);
            calls_left := calls_left - (pays = 'included')::integer;
        END IF;
    END IF;
    RETURN NEXT;
END $$;
