-- Saves what an agent has done since p_base, and what its run is from then on, for whoever holds its fence. p_paid: further calls whose
-- answers are in it; each is taken from what its person agreed to.
-- Outcomes: those of save_work.
CREATE OR REPLACE FUNCTION public.save_agent_work(
    p_user_id uuid, p_id uuid, p_fence bigint, p_base integer, p_content jsonb, p_note text, p_is_kept boolean,
    p_state text, p_reason text, p_detail text, p_paid integer, p_now timestamptz)
RETURNS TABLE (outcome text, revision integer) LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
BEGIN
    SELECT s.outcome, s.revision INTO outcome, revision
      FROM works w
      JOIN agent_runs a ON a.user_id = w.user_id AND a.work_id = w.id
      CROSS JOIN LATERAL save_work(w.user_id, w.id, w.tool_id, a.session_id, w.title, p_base, p_content, p_note, p_is_kept, false, p_now, p_fence) s
     WHERE w.user_id = p_user_id AND w.id = p_id;
    IF outcome = 'SAVED' THEN
        UPDATE agent_runs
           SET state = p_state, reason = p_reason, detail = p_detail, extra_calls = greatest(0, extra_calls - p_paid), call_id = NULL, attempts = 0, updated_at = p_now
         WHERE user_id = p_user_id AND work_id = p_id;
    END IF;
    outcome := coalesce(outcome, 'GONE');
    RETURN NEXT;
END $$;
