-- Ends a picture once and closes its hold in the same transaction: done is charged, whatever else is released. Whoever comes second
-- gets the end of the first; the picture of somebody who has deleted it or left is released.
-- p_cost_microusd: what the provider takes for it, also when the person pays nothing.
CREATE OR REPLACE FUNCTION public.finish_picture(
    p_user_id uuid, p_id uuid, p_state text, p_reason text, p_width integer, p_height integer, p_cost_microusd bigint,
    p_generation_id text, p_now timestamptz DEFAULT now())
RETURNS TABLE (state text, credits integer, is_first boolean) LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE
    v_picture pictures;
    v_closing record;
BEGIN
    SELECT * INTO v_picture FROM pictures WHERE user_id = p_user_id AND id = p_id FOR UPDATE;
    IF v_picture.closed_at IS NOT NULL THEN
        RETURN QUERY SELECT v_picture.state, v_picture.credits, false;
        RETURN;
    END IF;
    SELECT c.credits, c.seq INTO v_closing
      FROM close_hold(p_user_id, p_id, CASE WHEN p_state = 'done' AND v_picture.id IS NOT NULL THEN 1 ELSE 0 END, 0, 0, p_cost_microusd, p_generation_id, p_reason, p_now) c;
    UPDATE pictures
       SET state = p_state, reason = p_reason, width = p_width, height = p_height, credits = v_closing.credits, ledger_seq = v_closing.seq, closed_at = p_now
     WHERE user_id = p_user_id AND id = p_id;
    RETURN QUERY SELECT p_state, coalesce(v_closing.credits, 0), v_picture.id IS NOT NULL;
END $$;
