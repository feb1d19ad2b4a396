-- Queues "your week in credits" to those of these people who ask for it and whose Monday has come: what the week before cost by tool, what
-- is left, and when the plan renews. Each week is looked at once, whoever else runs this now; one without any use is not told. A launch that was
-- given back was never spent. Returns how many people were looked at.
CREATE OR REPLACE FUNCTION public.write_weeks(p_users uuid[], p_now timestamptz)
RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    v_judged integer;
BEGIN
    WITH due AS (
        UPDATE notification_settings n SET judged_week = w.monday
          FROM profiles p CROSS JOIN LATERAL week_before(p.time_zone, p_now) AS w
         WHERE n.user_id = ANY (p_users) AND p.id = n.user_id AND n.weekly AND n.judged_week < w.monday
        RETURNING n.user_id, w.monday, w.since, w.until
    ), spent AS (
        SELECT d.user_id, l.tool, sum(l.credits_used)::integer AS credits, count(*)::integer AS times
          FROM due d
         CROSS JOIN LATERAL (
               SELECT coalesce(t.name, u.metadata ->> 'tool_id', u.action_type) AS tool, u.credits_used
                 FROM usage_logs u LEFT JOIN tools t ON t.tool_id = u.metadata ->> 'tool_id'
                WHERE u.user_id = d.user_id AND u.created_at >= d.since AND u.created_at < d.until AND u.delta < 0 AND u.credits_used > 0
                  -- Where the last older movement stands, so that the week alone is read.
                  AND u.seq > coalesce((SELECT o.seq FROM usage_logs o WHERE o.user_id = d.user_id AND o.created_at < d.since ORDER BY o.seq DESC LIMIT 1), 0)
                  AND NOT EXISTS (SELECT FROM usage_logs r WHERE r.user_id = u.user_id AND r.seq > u.seq AND r.delta > 0 AND r.metadata ->> 'refund_of' = u.seq::text)
               ) AS l
         GROUP BY d.user_id, l.tool
    ), written AS (
        INSERT INTO mails (user_id, source_ref, kind, facts, created_at, next_attempt_at)
        SELECT d.user_id, 'week_in_credits:' || d.monday, 'week_in_credits',
               jsonb_build_object('user_id', d.user_id, 'since', d.since, 'until', d.until, 'spent', s.tools,
                                  'left', spendable_credits(c, p_now) + c.held_credits, 'total', c.total_credits, 'renews_at', p.current_period_end,
                                  'ends_at', CASE WHEN p.cancel_at_period_end AND p.paid_until <= p.current_period_end THEN p.paid_until END), p_now, p_now
          FROM due d
          JOIN (SELECT user_id, jsonb_agg(jsonb_build_object('tool', tool, 'credits', credits, 'times', times) ORDER BY credits DESC, tool) AS tools
                  FROM spent GROUP BY user_id) AS s USING (user_id)
          JOIN user_credits c ON c.user_id = d.user_id
          JOIN user_plans p ON p.user_id = d.user_id AND p.closed_at IS NULL
         WHERE NOT EXISTS (SELECT FROM account_deletions x WHERE x.user_id = d.user_id)
            ON CONFLICT DO NOTHING
    )
    SELECT count(*) INTO v_judged FROM due;
    RETURN v_judged;
END $$;
