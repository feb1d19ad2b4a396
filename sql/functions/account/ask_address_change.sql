-- Queues the mail to p_email whose link makes it the address of the account. Somebody else's address gets no mail, and nobody is told.
CREATE OR REPLACE FUNCTION public.ask_address_change(p_user_id uuid, p_email text, p_now timestamptz)
RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    INSERT INTO mails (user_id, source_ref, kind, facts, recipient, created_at, next_attempt_at)
    SELECT c.user_id, 'change_address:' || address_digest(p_email) || ':' || extract(epoch FROM date_trunc('minute', p_now))::bigint, 'change_address',
           jsonb_build_object('user_id', c.user_id, 'from', address_digest(c.email), 'to', p_email), p_email, p_now, p_now
      FROM account_credentials c
     WHERE c.user_id = p_user_id AND c.email <> p_email
       AND NOT EXISTS (SELECT FROM profiles WHERE lower(email) = p_email) AND NOT EXISTS (SELECT FROM account_credentials WHERE email = p_email)
        ON CONFLICT DO NOTHING
$$;
