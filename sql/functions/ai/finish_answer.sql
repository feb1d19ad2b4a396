-- Ends an answer once: what was stored of it becomes its content, and its hold is closed in the same transaction. A text that
-- reached the person is settled, nothing is released. Without the provider's figures tokens are estimated from the text.
-- Whoever comes second gets the figures of the first.
CREATE OR REPLACE FUNCTION public.finish_answer(
    p_user_id uuid, p_id uuid, p_state text, p_reason text, p_prompt_tokens integer, p_completion_tokens integer,
    p_cost_microusd bigint, p_generation_id text, p_now timestamptz DEFAULT now())
RETURNS TABLE (state text, credits integer) LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE
    v_message messages;
    v_content text := '';
    v_reason  text;
    v_closing record;
BEGIN
    SELECT * INTO v_message FROM messages WHERE user_id = p_user_id AND id = p_id FOR UPDATE;
    IF v_message.state <> 'writing' THEN
        RETURN QUERY SELECT v_message.state, v_message.credits;
        RETURN;
    END IF;
    SELECT coalesce(string_agg(text, '' ORDER BY starts_at), '') INTO v_content FROM message_parts WHERE user_id = p_user_id AND message_id = p_id;
    v_reason := coalesce(p_reason, CASE WHEN p_state = 'stopped' THEN 'stopped' WHEN v_content !~ '\S' THEN 'blank' END);
    SELECT c.credits, c.seq INTO v_closing
      FROM close_hold(p_user_id, p_id, CASE WHEN v_content ~ '\S' THEN 1 ELSE 0 END,
                      coalesce(p_prompt_tokens, v_message.prompt_tokens, 0), coalesce(p_completion_tokens, ceil(octet_length(v_content) / 4.0)::integer),
                      p_cost_microusd, p_generation_id, v_reason, p_now) c;
    state := CASE WHEN v_content ~ '\S' OR p_state = 'stopped' THEN p_state ELSE 'failed' END;
    credits := v_closing.credits;
    UPDATE messages
       SET content = v_content, state = finish_answer.state, credits = finish_answer.credits, ledger_seq = v_closing.seq, closed_at = p_now,
           reason = v_reason
     WHERE user_id = p_user_id AND id = p_id;
    DELETE FROM message_parts WHERE user_id = p_user_id AND message_id = p_id;
    RETURN NEXT;
END $$;
