-- Ends a tool session whose tool never asked for it and gives back what it cost: no row when the tool has served it or it has
-- ended. The row lock of the session makes this and the tool's first question take turns.
CREATE OR REPLACE FUNCTION public.refund_silent_session(p_user_id uuid, p_session_id uuid, p_now timestamptz)
RETURNS TABLE (tool_id text, refunded integer) LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE
    v_operation text;
BEGIN
    -- Locked before the session, as a launch does.
    PERFORM FROM user_credits WHERE user_id = p_user_id FOR NO KEY UPDATE;
    UPDATE tool_sessions s SET ended_at = p_now
     WHERE s.user_id = p_user_id AND s.id = p_session_id AND s.served_at IS NULL AND s.ended_at IS NULL AND s.expires_at > p_now
    RETURNING s.tool_id, s.operation_id INTO tool_id, v_operation;
    IF FOUND THEN
        refunded := refund_user_credits(p_user_id, v_operation, 'tool_not_ready', p_now);
        RETURN NEXT;
    END IF;
END $$;
