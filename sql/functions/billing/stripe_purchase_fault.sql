-- What in a payment for a pack must stop for an operator, before anything is written; no row when all is well. What is not
-- paid gives nothing and is not judged, except that it must be the customer's own.
CREATE OR REPLACE FUNCTION public.stripe_purchase_fault(p_snapshot jsonb, p_user_id uuid)
RETURNS TABLE (fault text, what text) LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    RETURN QUERY
    WITH purchase AS (
        SELECT r.*, coalesce(r.session_id, r.payment_intent_id) AS id, p.price_id, p.currency AS price_currency, p.unit_amount
          FROM jsonb_to_record(p_snapshot -> 'purchase') AS r (session_id text, payment_intent_id text, payment_status text, currency text, price text,
               lines integer, quantity integer, subtotal integer, discount integer, total integer, has_coupon boolean)
          LEFT JOIN stripe_prices p ON p.price_id = r.price AND p.pack_id IS NOT NULL
         WHERE p_snapshot -> 'purchase' IS NOT NULL
    ), paid AS (
        SELECT * FROM purchase WHERE payment_status IN ('paid', 'no_payment_required')
    )
    SELECT 'FOREIGN_SESSION', id || ' names another account than its customer''s' FROM purchase
     WHERE coalesce(p_snapshot ->> 'named_user', p_snapshot ->> 'claimed_user')::uuid <> p_user_id
    UNION ALL
    SELECT 'UNEXPECTED_LINE', id || ': ' || lines || ' lines' FROM paid WHERE lines <> 1
    UNION ALL
    SELECT 'UNKNOWN_PRICE', coalesce(price, 'a line without a price') FROM paid WHERE price_id IS NULL
    UNION ALL
    SELECT 'UNEXPECTED_LINE', id || ': ' || quantity || ' × ' || currency FROM paid WHERE quantity <> 1 OR currency <> price_currency
    UNION ALL
    -- Nothing to pay is right only when a coupon took off all of the price.
    SELECT 'UNEXPECTED_AMOUNT', id || ': ' || total || ' of ' || unit_amount FROM paid
     WHERE subtotal <> unit_amount OR total < subtotal - discount OR (discount > 0 AND NOT has_coupon)
        OR (total = 0 AND discount <> subtotal) OR (total > 0 AND payment_status <> 'paid')
     LIMIT 1;
END $$;
