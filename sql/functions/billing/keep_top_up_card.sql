-- Shows the card that pays top-ups from now on. What a person allows stays as it is: a stop is ended by the person alone, and who never
-- allowed any has the card kept beside what the page proposes, switched off.
CREATE OR REPLACE FUNCTION public.keep_top_up_card(p_user_id uuid, p_card_brand text, p_card_last4 text, p_now timestamptz)
RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    INSERT INTO top_up_settings AS s (user_id, enabled, threshold, pack_id, monthly_cap_cents, card_brand, card_last4, created_at, updated_at)
    SELECT p_user_id, false, 100, k.pack_id, 2 * k.price_cents, p_card_brand, p_card_last4, p_now, p_now
      FROM packs k WHERE k.pack_id = 'medium'
        ON CONFLICT (user_id) DO UPDATE
       SET card_brand = EXCLUDED.card_brand, card_last4 = EXCLUDED.card_last4, updated_at = EXCLUDED.updated_at
     WHERE (s.card_brand, s.card_last4) IS DISTINCT FROM (EXCLUDED.card_brand, EXCLUDED.card_last4)
$$;
