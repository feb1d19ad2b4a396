-- What a payment page is after Stripe showed p_seen of it. One that was replaced is never the open one again, but can still be paid;
-- it is closing for as long as Stripe shows it open. A page that was seen closed is never open again: who shows it so has looked before.
CREATE OR REPLACE FUNCTION public.page_status(p_known text, p_seen text)
RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN p_seen IN ('complete', 'failed') THEN p_seen
                WHEN p_known = 'closing' AND p_seen <> 'open' THEN 'replaced'
                WHEN p_known IN ('closing', 'replaced') THEN p_known
                WHEN p_known IN ('expired', 'failed') AND p_seen = 'open' THEN p_known
                ELSE p_seen END
$$;
