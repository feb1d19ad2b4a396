-- Keeps what Stripe showed of the money behind an invoice: what went back, and how disputes stand. A card whose owner has won a
-- dispute is not asked for a top-up.
CREATE OR REPLACE FUNCTION public.mirror_payment(p_user_id uuid, p_payment jsonb, p_read_seq bigint, p_now timestamptz)
RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    v_old stripe_invoices;
    v_new stripe_invoices;
BEGIN
    SELECT * INTO v_old FROM stripe_invoices WHERE user_id = p_user_id AND invoice_id = p_payment ->> 'invoice_id' AND payment_seq <= p_read_seq;
    v_new := jsonb_populate_record(v_old, p_payment - 'invoice_id');
    v_new.dispute_status := p_payment ->> 'dispute_status';
    IF v_old.user_id IS NULL OR v_old IS NOT DISTINCT FROM v_new THEN
        RETURN false;
    END IF;
    IF v_new.amount_lost > v_old.amount_lost THEN
        PERFORM disarm_top_up(p_user_id, 'disputed', p_now);
    END IF;
    UPDATE stripe_invoices
       SET amount_refunded = v_new.amount_refunded, amount_disputed = v_new.amount_disputed, amount_lost = v_new.amount_lost,
           dispute_status = v_new.dispute_status, payment_seq = p_read_seq
     WHERE user_id = p_user_id AND invoice_id = v_old.invoice_id;
    RETURN true;
END $$;
