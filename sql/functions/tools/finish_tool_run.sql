-- Ends a call of a model once. One that was paid for by itself settles or releases its hold; one that failed does not count. When
-- nothing that was asked in its session has been answered, the launch is given back and the session ends. One that its person stopped
-- ('stopped') is done with what had come until then; when nothing had, it failed and does not count, but the session goes on.
-- Whoever comes second gets the figures of the first.
CREATE OR REPLACE FUNCTION public.finish_tool_run(
    p_user_id uuid, p_id uuid, p_answer text, p_tool_calls jsonb, p_reason text, p_prompt_tokens integer, p_completion_tokens integer, p_cost_microusd bigint,
    p_generation_id text, p_now timestamptz)
RETURNS TABLE (state text, credits integer, refunded integer) LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE
    v_run     tool_runs;
    v_session tool_sessions;
BEGIN
    -- Locked before anything else, as a launch does.
    PERFORM FROM user_credits WHERE user_id = p_user_id FOR NO KEY UPDATE;
    SELECT * INTO v_run FROM tool_runs WHERE user_id = p_user_id AND id = p_id FOR UPDATE;
    state := v_run.state;
    credits := v_run.credits;
    refunded := 0;
    IF state IS DISTINCT FROM 'running' THEN
        RETURN NEXT;
        RETURN;
    END IF;

    state := CASE WHEN p_answer ~ '\S' OR p_tool_calls IS NOT NULL THEN 'done' ELSE 'failed' END;
    IF v_run.pays = 'extra' THEN
        SELECT c.credits INTO credits
          FROM close_hold(p_user_id, p_id, (finish_tool_run.state = 'done')::integer, coalesce(p_prompt_tokens, v_run.prompt_tokens, 0), coalesce(p_completion_tokens, 0),
                          p_cost_microusd, p_generation_id, p_reason, p_now) c;
    END IF;
    UPDATE tool_runs
       SET state = finish_tool_run.state, answer = p_answer, tool_calls = p_tool_calls, reason = p_reason, credits = finish_tool_run.credits, closed_at = p_now,
           prompt_tokens = coalesce(p_prompt_tokens, prompt_tokens), completion_tokens = p_completion_tokens, cost_microusd = p_cost_microusd, generation_id = p_generation_id
     WHERE user_id = p_user_id AND id = p_id;
    IF state = 'failed' AND p_reason IS DISTINCT FROM 'stopped' AND NOT EXISTS (SELECT FROM tool_runs WHERE user_id = p_user_id AND session_id = v_run.session_id AND state <> 'failed') THEN
        SELECT * INTO v_session FROM tool_sessions WHERE user_id = p_user_id AND id = v_run.session_id;
        IF v_session.ended_at IS NULL AND v_session.expires_at > p_now THEN
            refunded := refund_user_credits(p_user_id, v_session.operation_id, 'first_call_failed', p_now);
        END IF;
    END IF;
    RETURN NEXT;
END $$;
