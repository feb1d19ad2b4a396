CREATE TEMPORARY TABLE demo_people (id uuid, email text, full_name text, locale text, joined_at timestamptz) ON COMMIT DROP;
CREATE TEMPORARY TABLE demo_launches (at timestamptz, user_id uuid, tool text, session_id uuid) ON COMMIT DROP;
CREATE TEMPORARY TABLE demo_stripe (at timestamptz, snapshot jsonb) ON COMMIT DROP;

-- Lives through the demo data in order of time, through the product's own functions: whatever they guarantee holds here.
CREATE OR REPLACE FUNCTION pg_temp.live_demo_history(p_password_hash text, p_now timestamptz) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    r record;
BEGIN
    FOR r IN
        SELECT joined_at AS at, 1 AS kind, id, email, full_name, locale, NULL::jsonb AS snapshot, NULL::uuid[] AS users, NULL::text[] AS tools, NULL::text[] AS operations, NULL::uuid[] AS sessions
          FROM demo_people
        UNION ALL
        SELECT generate_series(date_trunc('day', min(joined_at), 'UTC'), p_now, interval '1 day') + interval '5 minutes', 2, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL
          FROM demo_people
        UNION ALL
        SELECT at, 3, NULL, NULL, NULL, NULL, snapshot, NULL, NULL, NULL, NULL
          FROM demo_stripe
        UNION ALL
        SELECT at, 4, NULL, NULL, NULL, NULL, NULL, array_agg(user_id ORDER BY session_id), array_agg(tool ORDER BY session_id), array_agg('demo:' || session_id ORDER BY session_id), array_agg(session_id ORDER BY session_id)
          FROM demo_launches GROUP BY at
         ORDER BY 1, 2
    LOOP
        CASE r.kind
            WHEN 1 THEN PERFORM create_account(r.id, r.email, r.full_name, r.locale, p_password_hash, r.at);
            WHEN 2 THEN PERFORM reset_monthly_credits(r.at);
            WHEN 3 THEN PERFORM apply_stripe_snapshot(r.snapshot, nextval('stripe_read_seq'), r.at);
            WHEN 4 THEN PERFORM consume_user_credits(r.users, r.tools, r.operations, r.sessions,
                array_fill(true, ARRAY[cardinality(r.users)]), array_fill(r.at, ARRAY[cardinality(r.users)]), r.at);
        END CASE;
    END LOOP;
    -- What the past told people has long been read.
    UPDATE mails SET state = 'sent', finished_at = created_at;
END $$;
