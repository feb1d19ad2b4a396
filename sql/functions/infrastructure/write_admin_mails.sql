-- One mail to each administrator, by the address; whoever has an account gets it in the account's language.
CREATE OR REPLACE FUNCTION public.write_admin_mails(p_admins text[], p_source_ref text, p_kind text, p_facts jsonb, p_now timestamptz)
RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    INSERT INTO mails (user_id, source_ref, kind, facts, recipient, created_at, next_attempt_at)
    SELECT coalesce(p.id, '00000000-0000-0000-0000-000000000000'),
           p_source_ref || CASE WHEN p.id IS NULL THEN ':' || left(encode(sha256(convert_to(a.address, 'UTF8')), 'hex'), 16) ELSE '' END,
           p_kind, p_facts, CASE WHEN p.id IS NULL THEN a.address END, p_now, p_now
      FROM (SELECT DISTINCT lower(address) AS address FROM unnest(p_admins) AS address) a
      LEFT JOIN profiles p ON p.email = a.address
        ON CONFLICT DO NOTHING
$$;
