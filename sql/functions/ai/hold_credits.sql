-- Holds: reserves a ceiling for each run of a group before a provider is called; one call, one commit. The price comes from the
-- tables, never from the caller: p_prompt_tokens and p_completion_tokens are the most that the run can take.
-- The ordinary run (alone of its account in the group, no cap of its owner, nothing that refuses it) is served with all others of its
-- kind by one statement, every other one by the loop after it.
-- Accounts are locked in one order; one that somebody else holds is not waited for (RETRY, after three seconds BUSY).
-- Refusals, in this order: ACCOUNT_FROZEN, TOOL_UNAVAILABLE, MODEL_UNAVAILABLE, PLAN_LACKS_TOOL (also a model), DAILY_LIMIT,
-- MONTHLY_LIMIT (ends_at says until when), DAILY_CAP, MONTHLY_CAP (the owner's own cap has only available left, until ends_at),
-- INSUFFICIENT_CREDITS. REPEATED: this id was held before, for the same run.
CREATE OR REPLACE FUNCTION public.hold_credits(
    p_user_ids uuid[], p_ids uuid[], p_tool_ids text[], p_model_ids text[], p_units integer[], p_prompt_tokens integer[],
    p_completion_tokens integer[], p_arrived timestamptz[], p_expires_at timestamptz, p_now timestamptz DEFAULT now())
RETURNS TABLE (place bigint, outcome text, ceiling integer, available integer, limited_to integer, ends_at timestamptz)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
-- One plan for any size of table: one that was made on a young, empty table would read all of it later. A bitmap for a few rows costs
-- more than it saves.
SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET enable_bitmapscan = off AS $$
#variable_conflict use_column
DECLARE
    c_patience CONSTANT interval := interval '3 seconds';
    c_day      CONSTANT timestamptz := date_trunc('day', p_now, 'UTC');
    c_month    CONSTANT timestamptz := date_trunc('month', p_now, 'UTC');
    r          record;
    v_locked   uuid[];
    v_alone    uuid[];
    v_served   bigint[] := '{}';
    v_account  user_credits;
    v_past     credit_holds;
    v_limit    plan_limits;
    v_room     record;
    v_today    integer;
    v_this_month integer;
    v_wrote    boolean := false;
BEGIN
    v_locked := ARRAY(SELECT user_id FROM user_credits WHERE user_id = ANY (p_user_ids) ORDER BY user_id FOR NO KEY UPDATE SKIP LOCKED);
    v_alone := CASE WHEN cardinality(v_locked) = cardinality(p_user_ids) THEN v_locked
                    ELSE ARRAY(SELECT u FROM unnest(p_user_ids) AS u WHERE u = ANY (v_locked) GROUP BY u HAVING count(*) = 1) END;

    -- This statement and the loop's are younger than the locks: they see every hold that was committed before them.
    FOR place, outcome, ceiling, available IN
        WITH offers AS MATERIALIZED (
            SELECT t, v.price, m.min_plan
              FROM (SELECT DISTINCT tool_id, model_id FROM unnest(p_tool_ids, p_model_ids) AS i (tool_id, model_id)) i
              JOIN tools t ON t.tool_id = i.tool_id AND t.status = 'live' AND (t.kind = 'builtin' OR (t.call_cost IS NOT NULL AND i.model_id IS NULL))
              LEFT JOIN ai_models m ON m.model_id = i.model_id AND m.status = 'live'
              LEFT JOIN LATERAL (SELECT n AS price, n.version FROM model_prices n WHERE n.model_id = m.model_id AND n.valid_from <= p_now ORDER BY version DESC LIMIT 1) v ON true
             WHERE i.model_id IS NULL OR v.version IS NOT NULL
        ), asked AS MATERIALIZED (
            SELECT i.place, i.user_id, i.id, i.tool_id, i.model_id, i.units, (o.price).version, p.plan_type,
                   run_price(o.t, o.price, i.units, i.prompt_tokens, i.completion_tokens) AS ceiling
              FROM unnest(p_user_ids, p_ids, p_tool_ids, p_model_ids, p_units, p_prompt_tokens, p_completion_tokens)
                   WITH ORDINALITY AS i (user_id, id, tool_id, model_id, units, prompt_tokens, completion_tokens, place)
              JOIN offers o ON (o.t).tool_id = i.tool_id AND (o.price).model_id IS NOT DISTINCT FROM i.model_id
              LEFT JOIN user_plans p ON p.user_id = i.user_id
              LEFT JOIN plans own ON own.plan_type = p.plan_type
              LEFT JOIN plans least_plan ON least_plan.plan_type = o.min_plan
              LEFT JOIN plan_limits l ON l.plan_type = p.plan_type AND l.tool_id = i.tool_id
              LEFT JOIN LATERAL (
                    SELECT coalesce(sum(h.units) FILTER (WHERE h.created_at >= c_day), 0) AS today, coalesce(sum(h.units), 0) AS this_month
                      FROM credit_holds h
                     WHERE l.tool_id IS NOT NULL AND h.user_id = i.user_id AND h.tool_id = i.tool_id AND h.created_at >= c_month AND h.state <> 'released'
                   ) AS past ON true
             WHERE i.user_id = ANY (v_alone) AND i.units > 0 AND i.prompt_tokens >= 0 AND i.completion_tokens >= 0
               AND (least_plan.sort > own.sort OR past.today + i.units > l.per_day OR past.this_month + i.units > l.per_month) IS NOT TRUE
               -- OFFSET: looked up by its key, also when the plan was made while the table was empty.
               AND NOT EXISTS (SELECT FROM credit_holds h WHERE h.user_id = i.user_id AND h.id = i.id OFFSET 0)
        ), taken AS (
            UPDATE user_credits c SET held_credits = c.held_credits + a.ceiling
              FROM asked a
             WHERE c.user_id = a.user_id AND c.daily_cap IS NULL AND c.monthly_cap IS NULL AND spendable_credits(c, p_now) >= a.ceiling
            RETURNING a.*, spendable_credits(c, p_now) AS left_over
        ), held AS (
            INSERT INTO credit_holds (user_id, id, tool_id, model_id, price_version, plan_type, units, ceiling, created_at, expires_at)
            SELECT user_id, id, tool_id, model_id, version, plan_type, units, ceiling, p_now, p_expires_at FROM taken
        )
        SELECT place, 'HELD', ceiling, left_over FROM taken
    LOOP
        v_served := v_served || place;
        RETURN NEXT;
    END LOOP;
    IF cardinality(v_served) = cardinality(p_user_ids) THEN
        RETURN;
    END IF;

    FOR r IN
        SELECT i.*, p.plan_type, own.sort AS plan_sort, t.status AS tool_status, m.status AS model_status, least_plan.sort AS model_sort,
               (SELECT max(v.version) FROM model_prices v WHERE v.model_id = i.model_id AND v.valid_from <= p_now) AS version
          FROM unnest(p_user_ids, p_ids, p_tool_ids, p_model_ids, p_units, p_prompt_tokens, p_completion_tokens, p_arrived)
               WITH ORDINALITY AS i (user_id, id, tool_id, model_id, units, prompt_tokens, completion_tokens, arrived, place)
          LEFT JOIN user_plans p ON p.user_id = i.user_id
          LEFT JOIN plans own ON own.plan_type = p.plan_type
          LEFT JOIN tools t ON t.tool_id = i.tool_id AND (t.kind = 'builtin' OR (t.call_cost IS NOT NULL AND i.model_id IS NULL))
          LEFT JOIN ai_models m ON m.model_id = i.model_id
          LEFT JOIN plans least_plan ON least_plan.plan_type = m.min_plan
         WHERE i.place <> ALL (v_served)
         ORDER BY i.user_id, i.place
    LOOP
        place := r.place; limited_to := NULL; ends_at := NULL; ceiling := NULL; available := NULL;
        IF NOT r.user_id = ANY (v_locked) THEN
            outcome := CASE WHEN NOT EXISTS (SELECT FROM user_credits WHERE user_id = r.user_id) THEN 'ACCOUNT_NOT_FOUND'
                            WHEN p_now < r.arrived + c_patience THEN 'RETRY' ELSE 'BUSY' END;
            RETURN NEXT;
            CONTINUE;
        END IF;
        -- Read anew for each: an earlier run of this group may have held some.
        SELECT * INTO v_account FROM user_credits WHERE user_id = r.user_id;
        SELECT * INTO v_past FROM credit_holds WHERE user_id = r.user_id AND id = r.id;
        SELECT * INTO v_limit FROM plan_limits WHERE plan_type = r.plan_type AND tool_id = r.tool_id;
        available := spendable_credits(v_account, p_now);
        IF v_account.daily_cap IS NULL AND v_account.monthly_cap IS NULL THEN
            SELECT NULL::integer AS day_room, NULL::integer AS month_room INTO v_room;
        ELSE
            SELECT * INTO v_room FROM spending_room(v_account, p_now);
        END IF;
        ceiling := run_price(r.tool_id, r.model_id, r.version, r.units, r.prompt_tokens, r.completion_tokens);
        SELECT coalesce(sum(units) FILTER (WHERE created_at >= c_day), 0), coalesce(sum(units), 0) INTO v_today, v_this_month
          FROM credit_holds
         WHERE v_limit.tool_id IS NOT NULL AND user_id = r.user_id AND tool_id = r.tool_id AND created_at >= c_month AND state <> 'released';

        IF v_past.id IS NOT NULL THEN
            outcome := CASE WHEN v_past.tool_id = r.tool_id AND v_past.model_id IS NOT DISTINCT FROM r.model_id THEN 'REPEATED' ELSE 'OPERATION_MISMATCH' END;
            ceiling := v_past.ceiling;
        ELSIF v_account.frozen_at <= p_now AND available < ceiling THEN outcome := 'ACCOUNT_FROZEN';
        ELSIF r.tool_status IS DISTINCT FROM 'live' OR r.units < 1 OR r.prompt_tokens < 0 OR r.completion_tokens < 0 THEN outcome := 'TOOL_UNAVAILABLE';
        ELSIF r.model_id IS NOT NULL AND (r.model_status IS DISTINCT FROM 'live' OR r.version IS NULL) THEN outcome := 'MODEL_UNAVAILABLE';
        ELSIF r.model_sort > r.plan_sort OR v_limit.per_day = 0 OR v_limit.per_month = 0 THEN outcome := 'PLAN_LACKS_TOOL';
        ELSIF v_today + r.units > v_limit.per_day THEN
            outcome := 'DAILY_LIMIT'; limited_to := v_limit.per_day; ends_at := c_day + interval '24 hours';
        ELSIF v_this_month + r.units > v_limit.per_month THEN
            outcome := 'MONTHLY_LIMIT'; limited_to := v_limit.per_month;
            ends_at := date_trunc('month', c_month + interval '32 days', 'UTC');
        ELSIF v_room.day_room < ceiling THEN outcome := 'DAILY_CAP'; available := v_room.day_room; ends_at := v_room.day_ends_at;
        ELSIF v_room.month_room < ceiling THEN outcome := 'MONTHLY_CAP'; available := v_room.month_room; ends_at := v_room.month_ends_at;
        ELSIF available < ceiling THEN outcome := 'INSUFFICIENT_CREDITS';
        ELSE
            outcome := 'HELD';
            available := available - ceiling;
            INSERT INTO credit_holds (user_id, id, tool_id, model_id, price_version, plan_type, units, ceiling, created_at, expires_at)
            VALUES (r.user_id, r.id, r.tool_id, r.model_id, r.version, r.plan_type, r.units, ceiling, p_now, p_expires_at);
            UPDATE user_credits SET held_credits = held_credits + ceiling WHERE user_id = r.user_id;
            v_wrote := true;
        END IF;
        RETURN NEXT;
    END LOOP;

    IF NOT v_wrote AND cardinality(v_locked) = 0 THEN
        PERFORM pg_sleep(0.005);
    END IF;
END $$;
