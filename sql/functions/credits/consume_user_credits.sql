-- Launches: check, debit, ledger row and tool session of a group of requests in one call, one transaction, one commit.
-- Each request gets its own row back, by its place in the arrays; none can fail another. The cost comes from tools.
-- Accounts are locked in one order, and the requests of one account are applied in the order given. One that somebody else
-- holds is not waited for, so that it cannot keep the others: its requests are to be asked again, and are BUSY after a while.
-- The ordinary request (alone of its account in the group, no session to reuse, no cap, paid by the plan) is served with all others of its
-- kind by one statement, every other one by the loop after it.
-- p_arrived: a tool session that was live when the request arrived is reused and costs nothing, unless p_new.
-- Outcomes: LAUNCHED, REUSED, REPEATED (same operation id: the same answer again), OPERATION_MISMATCH, RETRY (the same
-- operation twice in one group, or the account is held), BUSY, ACCOUNT_NOT_FOUND, TOOL_NOT_FOUND, TOOL_UNAVAILABLE, ACCOUNT_FROZEN, INSUFFICIENT_CREDITS;
-- DAILY_CAP, MONTHLY_CAP: the owner's own cap has only available left, until expires_at.
CREATE OR REPLACE FUNCTION public.consume_user_credits(
    p_user_ids uuid[], p_tool_ids text[], p_operation_ids text[], p_session_ids uuid[], p_new boolean[], p_arrived timestamptz[],
    p_now timestamptz DEFAULT now())
RETURNS TABLE (
    place bigint, outcome text, session_id uuid, credits_consumed integer, expires_at timestamptz,
    total integer, used integer, bonus integer, available integer, required integer, plan_type text, plan_status text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
-- One plan for any size of table: one that was made on a young, empty table would read all of it later.
SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
#variable_conflict use_column
DECLARE
    c_session_life CONSTANT interval := interval '24 hours';
    c_session_cap  CONSTANT integer := 3;
    c_patience     CONSTANT interval := interval '3 seconds';
    r            record;
    v_held       uuid[];
    v_alone      uuid[];
    v_served     bigint[] := '{}';
    v_next_held  integer := 1;
    v_is_held    boolean;
    v_user       uuid;
    v_plan_left  integer;
    v_frozen     boolean;
    v_used       integer;
    v_bonus      integer;
    v_grants     integer;
    v_available  integer;
    v_seq        bigint;
    v_hash       bytea;
    v_operations text[];
    v_from_plan  integer;
    v_buckets    jsonb;
    v_metadata   jsonb;
    v_balance    integer;
    v_room       record;
    v_day_room   integer;
    v_month_room integer;
    v_crowded    boolean := false;
    -- what is written at the end: the ledger's rows, and what each leaves in the account
    v_rows       usage_logs[] := '{}';
    v_rows_used  integer[] := '{}';
    v_rows_bonus integer[] := '{}';
BEGIN
    v_held := ARRAY(SELECT user_id FROM user_credits WHERE user_id = ANY (p_user_ids) ORDER BY user_id FOR NO KEY UPDATE SKIP LOCKED);
    v_alone := CASE WHEN cardinality(v_held) = cardinality(p_user_ids) THEN v_held
                    ELSE ARRAY(SELECT u FROM unnest(p_user_ids) AS u WHERE u = ANY (v_held) GROUP BY u HAVING count(*) = 1) END;

    -- This statement and the loop's are younger than the locks: they see every launch that was committed before them.
    -- An operation that bears the new session's own name was named for this request: it has no past to look for.
    FOR place, outcome, session_id, credits_consumed, expires_at, total, used, bonus, available, required, plan_type, plan_status IN
        WITH asked AS MATERIALIZED (
            SELECT i.place, i.user_id, i.session_id, i.operation_id, t.tool_id, t.cost,
                   jsonb_build_object('tool_id', t.tool_id, 'action', 'launch') AS metadata, jsonb_build_object('plan', t.cost) AS buckets
              FROM unnest(p_user_ids, p_tool_ids, p_operation_ids, p_session_ids, p_new, p_arrived)
                   WITH ORDINALITY AS i (user_id, tool_id, operation_id, session_id, new, arrived, place)
              JOIN tools t ON t.tool_id = i.tool_id AND t.kind = 'embedded' AND t.status = 'live'
             WHERE i.user_id = ANY (v_alone) AND i.operation_id = 'launch:' || i.session_id
               AND (i.new OR NOT EXISTS (
                    SELECT FROM tool_sessions s
                     WHERE s.user_id = i.user_id AND s.tool_id = i.tool_id AND s.ended_at IS NULL
                       AND s.expires_at > p_now AND s.created_at <= i.arrived))
        ), taken AS (
            UPDATE user_credits c
               SET used_credits = c.used_credits + a.cost, ledger_seq = c.ledger_seq + 1,
                   ledger_hash = ledger_hash(c.ledger_hash, c.user_id, c.ledger_seq + 1, p_now, 'launch_tool_' || a.tool_id, a.cost, -a.cost,
                       c.total_credits - c.used_credits - a.cost + c.bonus_credits, a.operation_id, 'user', a.metadata, a.buckets, a.session_id)
              FROM asked a
             WHERE c.user_id = a.user_id AND (c.frozen_at IS NULL OR c.frozen_at > p_now) AND c.daily_cap IS NULL AND c.monthly_cap IS NULL
               AND c.used_credits + a.cost <= c.total_credits AND spendable_credits(c, p_now) >= a.cost
            RETURNING a.*, c.total_credits, c.used_credits, c.bonus_credits, c.ledger_seq, c.ledger_hash, spendable_credits(c, p_now) AS left_over
        ), logged AS (
            INSERT INTO usage_logs (user_id, seq, created_at, action_type, credits_used, delta, balance_after, operation_id, actor, metadata, buckets, session_id, hash)
            SELECT user_id, ledger_seq, p_now, 'launch_tool_' || tool_id, cost, -cost, total_credits - used_credits + bonus_credits,
                   operation_id, 'user', metadata, buckets, session_id, ledger_hash FROM taken
        ), opened AS (
            INSERT INTO tool_sessions (user_id, id, tool_id, operation_id, credits_consumed, created_at, expires_at)
            SELECT user_id, session_id, tool_id, operation_id, cost, p_now, p_now + c_session_life FROM taken
        ), closed AS (
            UPDATE tool_sessions s SET ended_at = p_now
              FROM taken t CROSS JOIN LATERAL (
                   SELECT o.id FROM tool_sessions o
                    WHERE o.user_id = t.user_id AND o.tool_id = t.tool_id AND o.ended_at IS NULL AND o.expires_at > p_now
                    ORDER BY o.created_at DESC, o.id DESC OFFSET c_session_cap - 1) AS surplus
             WHERE s.user_id = t.user_id AND s.id = surplus.id
        )
        SELECT l.place, 'LAUNCHED', l.session_id, l.cost, p_now + c_session_life, l.total_credits, l.used_credits,
               CASE WHEN l.bonus_credits = 0 THEN 0 ELSE spendable_bonus(l.user_id, p_now) END, l.left_over, l.cost, p.plan_type, p.status
          FROM taken l LEFT JOIN user_plans p ON p.user_id = l.user_id
    LOOP
        v_served := v_served || place;
        RETURN NEXT;
    END LOOP;
    IF cardinality(v_served) = cardinality(p_user_ids) THEN
        RETURN;
    END IF;

    FOR r IN
        SELECT i.*, c.total_credits, c.used_credits, c.bonus_credits, c.frozen_at, c.ledger_seq, c.ledger_hash,
               spendable_credits(c, p_now) AS available, c.daily_cap IS NOT NULL OR c.monthly_cap IS NOT NULL AS is_capped,
               p.plan_type AS account_plan, p.status AS account_status, t.cost, t.kind, t.status AS tool_status,
               live.id AS live_id, live.expires_at AS live_until,
               past.metadata ->> 'tool_id' AS past_tool, past.credits_used AS past_cost,
               past_session.id AS past_id, past_session.expires_at AS past_until
          FROM unnest(p_user_ids, p_tool_ids, p_operation_ids, p_session_ids, p_new, p_arrived)
               WITH ORDINALITY AS i (user_id, tool_id, operation_id, session_id, new, arrived, place)
          LEFT JOIN user_credits c ON c.user_id = i.user_id
          LEFT JOIN user_plans p ON p.user_id = i.user_id
          LEFT JOIN tools t ON t.tool_id = i.tool_id
          LEFT JOIN usage_logs past ON past.user_id = i.user_id AND past.operation_id = nullif(i.operation_id, 'launch:' || i.session_id)
          LEFT JOIN LATERAL (
                SELECT s.id, s.expires_at FROM tool_sessions s
                 WHERE past.seq IS NOT NULL AND s.user_id = i.user_id AND s.id = past.session_id
               ) AS past_session ON true
          LEFT JOIN LATERAL (
                SELECT s.id, s.expires_at FROM tool_sessions s
                 WHERE s.user_id = i.user_id AND s.tool_id = i.tool_id AND s.ended_at IS NULL
                   AND s.expires_at > p_now AND s.created_at <= i.arrived
                 ORDER BY s.expires_at DESC LIMIT 1
               ) AS live ON true
         WHERE i.place <> ALL (v_served)
         ORDER BY i.user_id, i.place
    LOOP
        place := r.place; session_id := NULL; credits_consumed := 0; expires_at := NULL; required := r.cost;
        plan_type := r.account_plan; plan_status := r.account_status; total := r.total_credits;

        IF v_user IS DISTINCT FROM r.user_id THEN
            v_user := r.user_id; v_used := r.used_credits; v_bonus := r.bonus_credits; v_seq := r.ledger_seq; v_hash := r.ledger_hash;
            v_operations := '{}';
            -- Both are in the order of the ids; those between are served already.
            WHILE v_held[v_next_held] < r.user_id LOOP
                v_next_held := v_next_held + 1;
            END LOOP;
            v_is_held := coalesce(v_held[v_next_held] = r.user_id, false);
            v_available := r.available;
            v_grants := CASE WHEN r.bonus_credits > 0 THEN spendable_bonus(r.user_id, p_now) ELSE 0 END;
            v_day_room := NULL; v_month_room := NULL;
            IF r.is_capped THEN
                SELECT room.* INTO v_room FROM user_credits c CROSS JOIN LATERAL spending_room(c, p_now) AS room WHERE c.user_id = r.user_id;
                v_day_room := v_room.day_room; v_month_room := v_room.month_room;
            END IF;
        END IF;
        -- The end of a grace period is written ahead of time, and takes hold at its instant.
        v_frozen := coalesce(r.frozen_at <= p_now, false);
        v_plan_left := CASE WHEN v_frozen THEN 0 ELSE r.total_credits - v_used END;

        IF r.total_credits IS NULL THEN outcome := 'ACCOUNT_NOT_FOUND';
        ELSIF NOT v_is_held THEN outcome := CASE WHEN p_now < r.arrived + c_patience THEN 'RETRY' ELSE 'BUSY' END;
        ELSIF r.past_tool = r.tool_id AND r.past_id IS NOT NULL THEN
            outcome := 'REPEATED'; session_id := r.past_id; expires_at := r.past_until; credits_consumed := r.past_cost;
        ELSIF r.past_cost IS NOT NULL THEN outcome := 'OPERATION_MISMATCH';
        ELSIF r.operation_id = ANY (v_operations) THEN outcome := 'RETRY';
        ELSIF r.cost IS NULL THEN outcome := 'TOOL_NOT_FOUND';
        ELSIF r.live_id IS NOT NULL AND NOT r.new THEN
            outcome := 'REUSED'; session_id := r.live_id; expires_at := r.live_until;
        ELSIF r.kind <> 'embedded' OR r.tool_status <> 'live' THEN outcome := 'TOOL_UNAVAILABLE';
        ELSIF v_day_room < r.cost THEN outcome := 'DAILY_CAP'; expires_at := v_room.day_ends_at;
        ELSIF v_month_room < r.cost THEN outcome := 'MONTHLY_CAP'; expires_at := v_room.month_ends_at;
        ELSIF v_available < r.cost THEN
            outcome := CASE WHEN v_frozen THEN 'ACCOUNT_FROZEN' ELSE 'INSUFFICIENT_CREDITS' END;
        ELSE
            outcome := 'LAUNCHED'; session_id := r.session_id; credits_consumed := r.cost; expires_at := p_now + c_session_life;
            v_from_plan := least(r.cost, v_plan_left);
            v_buckets := jsonb_build_object('plan', v_from_plan);
            IF v_from_plan < r.cost THEN
                v_buckets := v_buckets || jsonb_build_object('grants', draw_grants(r.user_id, r.cost - v_from_plan, p_now));
                v_bonus := v_bonus - (r.cost - v_from_plan);
                v_grants := v_grants - (r.cost - v_from_plan);
            END IF;
            v_used := v_used + v_from_plan;
            v_available := v_available - r.cost;
            v_day_room := v_day_room - r.cost;
            v_month_room := v_month_room - r.cost;
            v_balance := r.total_credits - v_used + v_bonus;
            v_seq := v_seq + 1;
            v_metadata := jsonb_build_object('tool_id', r.tool_id, 'action', 'launch');
            v_hash := ledger_hash(v_hash, r.user_id, v_seq, p_now, 'launch_tool_' || r.tool_id, r.cost, -r.cost, v_balance,
                                  r.operation_id, 'user', v_metadata, v_buckets, r.session_id);
            v_operations := v_operations || r.operation_id;
            v_crowded := v_crowded OR r.live_id IS NOT NULL OR cardinality(v_operations) > c_session_cap;

            v_rows := v_rows || ROW(r.user_id, v_seq, p_now, 'launch_tool_' || r.tool_id, r.cost, -r.cost, v_balance, r.operation_id,
                                    'user', v_metadata, v_buckets, r.session_id, v_hash, 2)::usage_logs;
            v_rows_used := v_rows_used || v_used;
            v_rows_bonus := v_rows_bonus || v_bonus;
        END IF;

        used := v_used;
        bonus := v_grants;
        available := CASE outcome WHEN 'DAILY_CAP' THEN v_day_room WHEN 'MONTHLY_CAP' THEN v_month_room ELSE v_available END;
        RETURN NEXT;
    END LOOP;

    IF cardinality(v_rows) = 0 THEN
        -- Whoever is to be asked again is asked again at once.
        IF v_held = '{}' THEN
            PERFORM pg_sleep(0.005);
        END IF;
        RETURN;
    END IF;

    UPDATE user_credits c
       SET used_credits = last.used, bonus_credits = last.bonus, ledger_seq = last.seq, ledger_hash = last.hash
      FROM (SELECT DISTINCT ON (user_id) l.user_id, l.seq, l.hash, l.used, l.bonus
              FROM ROWS FROM (unnest(v_rows), unnest(v_rows_used), unnest(v_rows_bonus))
                   AS l (user_id, seq, created_at, action_type, credits_used, delta, balance_after, operation_id, actor, metadata, buckets, session_id, hash, hash_form, used, bonus)
             ORDER BY user_id, seq DESC) AS last
     WHERE c.user_id = last.user_id;

    INSERT INTO usage_logs SELECT * FROM unnest(v_rows);

    INSERT INTO tool_sessions (user_id, id, tool_id, operation_id, credits_consumed, created_at, expires_at, ended_at)
    SELECT user_id, session_id, tool, operation_id, credits_used, p_now, p_now + c_session_life,
           CASE WHEN row_number() OVER (PARTITION BY user_id, tool ORDER BY seq DESC) > c_session_cap THEN p_now END
      FROM (SELECT *, metadata ->> 'tool_id' AS tool FROM unnest(v_rows)) AS l;

    IF v_crowded THEN
        UPDATE tool_sessions s SET ended_at = p_now
          FROM (SELECT o.user_id, o.id, row_number() OVER (PARTITION BY o.user_id, o.tool_id ORDER BY o.created_at DESC, o.id DESC) AS nth
                  FROM (SELECT DISTINCT user_id, metadata ->> 'tool_id' AS tool FROM unnest(v_rows)) AS l
                  JOIN tool_sessions o ON o.user_id = l.user_id AND o.tool_id = l.tool AND o.ended_at IS NULL AND o.expires_at > p_now) AS live
         WHERE s.user_id = live.user_id AND s.id = live.id AND live.nth > c_session_cap;
    END IF;
END $$;
