-- Shows the card that pays top-ups from now on. What a person allows stays as it is: a stop is ended by the person alone.
CREATE OR REPLACE FUNCTION public.keep_top_up_card(p_user_id uuid, p_card_brand text, p_card_last4 text, p_now timestamptz)
RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    UPDATE top_up_settings SET card_brand = p_card_brand, card_last4 = p_card_last4, updated_at = p_now
     WHERE user_id = p_user_id AND (card_brand, card_last4) IS DISTINCT FROM (p_card_brand, p_card_last4)
$$;
