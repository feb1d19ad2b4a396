-- Saves a piece of work as its maker has it. p_base: the revision that was read, 0 for a new piece. What another tab saved meanwhile
-- is never overwritten: CONFLICT, until the person chooses (p_force: the other's text stays as a version of its own).
-- While an agent is at work on a piece, whoever holds its fence is the only one who writes it.
-- Outcomes: SAVED, CONFLICT, GONE (deleted, or of another tool), RUNNING (an agent writes it), LOST (the agent that saves has lost its
-- fence), TOO_MANY (500 pieces), STORAGE_FULL (100 MB).
CREATE OR REPLACE FUNCTION public.save_work(
    p_user_id uuid, p_id uuid, p_tool_id text, p_session_id uuid, p_title text, p_base integer, p_content jsonb, p_note text, p_is_kept boolean, p_force boolean,
    p_now timestamptz, p_fence bigint DEFAULT NULL)
RETURNS TABLE (outcome text, revision integer, version integer) LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE
    c_merged  CONSTANT interval := interval '10 minutes';
    c_works   CONSTANT integer := 500;
    c_bytes   CONSTANT bigint := 100 * 1024 * 1024;
    c_loose   CONSTANT integer := 30;
    c_kept    CONSTANT integer := 200;
    v_work    works;
    v_last    work_versions;
    v_agent   agent_runs;
    v_bytes   integer := octet_length(p_content::text);
BEGIN
    -- One save at a time for each person, so that the limits hold.
    PERFORM pg_advisory_xact_lock(hashtextextended('works ' || p_user_id, 0));
    SELECT * INTO v_work FROM works WHERE user_id = p_user_id AND id = p_id FOR UPDATE;
    revision := v_work.revision;
    IF v_work.id IS NULL THEN
        outcome := CASE WHEN p_base > 0 THEN 'GONE'
                        WHEN (SELECT count(*) FROM works WHERE user_id = p_user_id) >= c_works THEN 'TOO_MANY' END;
    ELSE
        SELECT * INTO v_agent FROM agent_runs WHERE user_id = p_user_id AND work_id = p_id FOR UPDATE;
        outcome := CASE WHEN v_work.tool_id <> p_tool_id THEN 'GONE'
                        WHEN p_fence IS NULL AND v_agent.state = 'running' THEN 'RUNNING'
                        WHEN p_fence IS NOT NULL AND (v_agent.state, v_agent.fence) IS DISTINCT FROM ('running', p_fence) THEN 'LOST'
                        WHEN v_work.revision <> p_base AND NOT p_force THEN 'CONFLICT' END;
    END IF;
    IF outcome IS NULL AND (SELECT coalesce(sum(bytes), 0) FROM work_versions WHERE user_id = p_user_id) + v_bytes > c_bytes THEN
        outcome := 'STORAGE_FULL';
    END IF;
    IF outcome IS NOT NULL THEN
        RETURN NEXT;
        RETURN;
    END IF;

    outcome := 'SAVED';
    revision := coalesce(v_work.revision, 0) + 1;
    INSERT INTO works (user_id, id, tool_id, title, revision, created_at, updated_at)
    VALUES (p_user_id, p_id, p_tool_id, p_title, revision, p_now, p_now)
        ON CONFLICT (user_id, id) DO UPDATE SET title = EXCLUDED.title, revision = EXCLUDED.revision, updated_at = p_now;

    SELECT * INTO v_last FROM work_versions v WHERE v.user_id = p_user_id AND v.work_id = p_id ORDER BY v.version DESC LIMIT 1;
    version := coalesce(v_last.version, 0) + 1;
    IF p_force AND v_work.revision <> p_base THEN
        UPDATE work_versions v SET is_kept = true WHERE v.user_id = p_user_id AND v.work_id = p_id AND v.version = v_last.version;
    ELSIF v_last.content = p_content OR (NOT p_is_kept AND NOT v_last.is_kept AND v_last.session_id = p_session_id AND v_last.created_at > p_now - c_merged
            AND v_last.version IS DISTINCT FROM v_work.published_version) THEN
        version := v_last.version;
    END IF;
    INSERT INTO work_versions (user_id, work_id, version, session_id, content, bytes, note, is_kept, created_at, updated_at)
    VALUES (p_user_id, p_id, version, p_session_id, p_content, v_bytes, p_note, p_is_kept, p_now, p_now)
        ON CONFLICT (user_id, work_id, version) DO UPDATE
       SET content = EXCLUDED.content, bytes = EXCLUDED.bytes, updated_at = p_now,
           note = CASE WHEN EXCLUDED.note = '' THEN work_versions.note ELSE EXCLUDED.note END, is_kept = work_versions.is_kept OR EXCLUDED.is_kept;

    DELETE FROM work_versions v
     USING (SELECT o.version, row_number() OVER (PARTITION BY o.is_kept ORDER BY o.version DESC) AS nth FROM work_versions o WHERE o.user_id = p_user_id AND o.work_id = p_id) AS old
     WHERE v.user_id = p_user_id AND v.work_id = p_id AND v.version = old.version AND v.version IS DISTINCT FROM v_work.published_version
       AND old.nth > CASE WHEN v.is_kept THEN c_kept ELSE c_loose END;
    RETURN NEXT;
END $$;
