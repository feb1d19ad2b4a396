-- Keeps what Stripe showed of the money behind an invoice: what went back, and how a dispute stands.
CREATE OR REPLACE FUNCTION public.mirror_payment(p_user_id uuid, p_payment jsonb, p_read_seq bigint, p_now timestamptz)
RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF p_payment ->> 'dispute_status' = 'lost' THEN
        PERFORM disarm_top_up(p_user_id, 'disputed', p_now) FROM stripe_invoices
          WHERE user_id = p_user_id AND invoice_id = p_payment ->> 'invoice_id' AND payment_seq <= p_read_seq AND dispute_status IS DISTINCT FROM 'lost';
    END IF;
    UPDATE stripe_invoices
       SET amount_refunded = (p_payment ->> 'amount_refunded')::integer, dispute_status = p_payment ->> 'dispute_status', payment_seq = p_read_seq
     WHERE user_id = p_user_id AND invoice_id = p_payment ->> 'invoice_id' AND payment_seq <= p_read_seq
       AND (amount_refunded, dispute_status) IS DISTINCT FROM ((p_payment ->> 'amount_refunded')::integer, p_payment ->> 'dispute_status');
    RETURN FOUND;
END $$;
