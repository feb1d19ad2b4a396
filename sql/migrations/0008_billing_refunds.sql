-- Refunds and disputes are read from the charge, apart from the invoice; payment_seq is the read that the two columns come from.
ALTER TABLE stripe_invoices ADD COLUMN payment_seq bigint NOT NULL DEFAULT 0;
