-- What a payment page is after Stripe showed p_seen of it. One that was replaced is never the open one again, but can still be paid;
-- it is closing for as long as Stripe shows it open.
CREATE OR REPLACE FUNCTION public.page_status(p_known text, p_seen text)
RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN p_seen IN ('complete', 'failed') THEN p_seen
                WHEN p_known IN ('closing', 'replaced') THEN CASE p_seen WHEN 'open' THEN 'closing' ELSE 'replaced' END
                WHEN p_known IN ('expired', 'failed') AND p_seen = 'open' THEN p_known
                ELSE p_seen END
$$;
