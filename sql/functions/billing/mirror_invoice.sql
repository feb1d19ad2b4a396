-- Keeps what Stripe showed of an invoice, unless a later read is already kept, and registers what its paid lines give.
-- Plan and credits come from the price of the line that was paid, not from what the subscription asks for today.
CREATE OR REPLACE FUNCTION public.mirror_invoice(p_user_id uuid, p_invoice jsonb, p_read_seq bigint)
RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    v_new stripe_invoices := jsonb_populate_record(NULL::stripe_invoices, p_invoice);
    v_old stripe_invoices;
    v_changed boolean;
BEGIN
    SELECT * INTO v_old FROM stripe_invoices WHERE user_id = p_user_id AND invoice_id = p_invoice ->> 'id';
    v_new.user_id := p_user_id;
    v_new.invoice_id := p_invoice ->> 'id';
    v_new.amount_refunded := coalesce(v_old.amount_refunded, 0);
    v_new.amount_disputed := coalesce(v_old.amount_disputed, 0);
    v_new.amount_lost := coalesce(v_old.amount_lost, 0);
    v_new.dispute_status := v_old.dispute_status;
    v_new.payment_seq := coalesce(v_old.payment_seq, 0);
    v_new.read_seq := v_old.read_seq;
    IF v_old.read_seq > p_read_seq THEN
        RETURN false;
    END IF;
    v_changed := v_old IS DISTINCT FROM v_new;
    IF v_changed THEN
        v_new.read_seq := p_read_seq;
        DELETE FROM stripe_invoices WHERE user_id = p_user_id AND invoice_id = v_new.invoice_id;
        INSERT INTO stripe_invoices SELECT v_new.*;
    END IF;

    IF v_new.status = 'paid' AND v_new.subscription_id IS NOT NULL
       -- A second subscription gives nothing: its money goes back.
       AND NOT EXISTS (SELECT FROM duplicate_subscriptions d WHERE d.user_id = p_user_id AND d.subscription_id = v_new.subscription_id) THEN
        INSERT INTO plan_grants (user_id, source_ref, subscription_id, invoice_id, plan_type, billing_interval, credits, opens_period, share, starts_at, ends_at)
        SELECT p_user_id, 'stripe_invoice:' || v_new.invoice_id || ':' || l.id, v_new.subscription_id, v_new.invoice_id,
               p.plan_type, p.billing_interval, plans.credits_monthly, NOT l.proration,
               CASE WHEN l.proration THEN least(l.amount::numeric / p.unit_amount, 1) ELSE 1 END, l.period_start, l.period_end
          FROM jsonb_array_elements(p_invoice -> 'lines') AS line
         CROSS JOIN jsonb_to_record(line) AS l (id text, price text, amount integer, proration boolean, period_start timestamptz, period_end timestamptz)
          JOIN stripe_prices p ON p.price_id = l.price
          JOIN plans USING (plan_type)
         WHERE gives_plan(line)
            ON CONFLICT DO NOTHING;
        -- A price may have become known since the invoice was kept.
        v_changed := FOUND OR v_changed;
    END IF;
    RETURN v_changed;
END $$;
