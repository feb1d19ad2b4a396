-- Writes down what a person wants drawn and holds the credits of each picture, all or none, in one transaction: nothing has been
-- asked of a provider yet. The first picture has the seed p_seed, the next ones those after it.
-- Outcomes: HELD; REPEATED (the same batch again, whatever it says now: one press is one batch); the refusals of hold_credits.
CREATE OR REPLACE FUNCTION public.begin_pictures(
    p_user_id uuid, p_batch_id uuid, p_ids uuid[], p_prompt text, p_style text, p_size text, p_seed bigint, p_model_id text,
    p_expires_at timestamptz, p_now timestamptz DEFAULT now())
RETURNS TABLE (outcome text, required integer, available integer, limited_to integer, ends_at timestamptz)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE
    c_tool    CONSTANT text := 'image-generation';
    v_count   CONSTANT integer := cardinality(p_ids);
    v_account user_credits;
    v_hold    record;
BEGIN
    -- Waited for here, so that no hold is told to come again.
    SELECT * INTO v_account FROM user_credits WHERE user_id = p_user_id FOR NO KEY UPDATE;
    IF EXISTS (SELECT FROM picture_batches WHERE user_id = p_user_id AND id = p_batch_id) THEN
        RETURN QUERY SELECT 'REPEATED', 0, 0, NULL::integer, NULL::timestamptz;
        RETURN;
    END IF;
    outcome := 'HELD'; required := 0; available := spendable_credits(v_account, p_now);
    BEGIN
        FOR v_hold IN
            SELECT * FROM hold_credits(array_fill(p_user_id, ARRAY[v_count]), p_ids, array_fill(c_tool, ARRAY[v_count]), array_fill(p_model_id, ARRAY[v_count]),
                array_fill(1, ARRAY[v_count]), array_fill(0, ARRAY[v_count]), array_fill(0, ARRAY[v_count]), array_fill(p_now, ARRAY[v_count]), p_expires_at, p_now)
        LOOP
            required := required + coalesce(v_hold.ceiling, 0);
            IF v_hold.outcome <> 'HELD' AND outcome = 'HELD' THEN
                outcome := v_hold.outcome; limited_to := v_hold.limited_to; ends_at := v_hold.ends_at;
                available := CASE WHEN outcome IN ('DAILY_CAP', 'MONTHLY_CAP') THEN v_hold.available + required - v_hold.ceiling ELSE available END;
            END IF;
        END LOOP;
        IF outcome <> 'HELD' THEN
            RAISE EXCEPTION USING ERRCODE = 'AI001';
        END IF;
        INSERT INTO picture_batches (user_id, id, prompt, style, size, model_id, created_at)
        VALUES (p_user_id, p_batch_id, p_prompt, p_style, p_size, p_model_id, p_now);
        INSERT INTO pictures (user_id, id, batch_id, place, seed, created_at, next_attempt_at)
        SELECT p_user_id, i.id, p_batch_id, i.place, p_seed + i.place - 1, p_now, p_now FROM unnest(p_ids) WITH ORDINALITY AS i (id, place);
    EXCEPTION WHEN SQLSTATE 'AI001' THEN
        NULL;
    END;
    RETURN NEXT;
END $$;
