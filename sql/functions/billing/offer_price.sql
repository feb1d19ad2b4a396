-- Makes a price the one at which a plan (by the month or the year) or a pack is sold; earlier prices stay known, for those who pay
-- them and for pages that are still open. True when it is news.
CREATE OR REPLACE FUNCTION public.offer_price(
    p_price_id text, p_product_id text, p_plan_type text, p_interval text, p_pack_id text, p_currency text, p_unit_amount integer, p_now timestamptz)
RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM stripe_prices WHERE price_id = p_price_id AND active) THEN
        RETURN false;
    END IF;
    UPDATE stripe_prices SET active = false
     WHERE active AND (plan_type, billing_interval, pack_id) IS NOT DISTINCT FROM (p_plan_type, p_interval, p_pack_id);
    INSERT INTO stripe_prices (price_id, product_id, plan_type, billing_interval, pack_id, currency, unit_amount, created_at)
    VALUES (p_price_id, p_product_id, p_plan_type, p_interval, p_pack_id, p_currency, p_unit_amount, p_now)
        ON CONFLICT (price_id) DO UPDATE SET active = true;
    RETURN true;
END $$;
