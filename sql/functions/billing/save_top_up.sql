-- Keeps what a person allows, with the card it was shown with, and begins again after a stop. What was spent before is no trigger.
CREATE OR REPLACE FUNCTION public.save_top_up(
    p_user_id uuid, p_threshold integer, p_pack text, p_monthly_cap_cents integer, p_card_brand text, p_card_last4 text, p_now timestamptz)
RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    INSERT INTO top_up_settings (user_id, enabled, threshold, pack_id, monthly_cap_cents, card_brand, card_last4, judged_seq, created_at, updated_at)
    SELECT p_user_id, true, p_threshold, p_pack, p_monthly_cap_cents, p_card_brand, p_card_last4, c.ledger_seq, p_now, p_now
      FROM user_credits c WHERE c.user_id = p_user_id
        ON CONFLICT (user_id) DO UPDATE
       SET enabled = true, threshold = EXCLUDED.threshold, pack_id = EXCLUDED.pack_id, monthly_cap_cents = EXCLUDED.monthly_cap_cents,
           card_brand = EXCLUDED.card_brand, card_last4 = EXCLUDED.card_last4, paused_at = NULL, paused_reason = NULL,
           judged_seq = EXCLUDED.judged_seq, low_at = NULL, survives_cancellation = false, updated_at = EXCLUDED.updated_at
$$;
