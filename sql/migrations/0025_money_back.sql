-- Of the money that a payment moved: cents that a bank is looking into, and cents that disputes took. With amount_refunded they say
-- what the payment still buys, both ways: a refund that fails or a dispute that is won gives back.
ALTER TABLE stripe_invoices ADD COLUMN amount_disputed integer NOT NULL DEFAULT 0, ADD COLUMN amount_lost integer NOT NULL DEFAULT 0;
ALTER TABLE purchases ADD COLUMN amount_disputed integer NOT NULL DEFAULT 0, ADD COLUMN amount_lost integer NOT NULL DEFAULT 0;
UPDATE stripe_invoices SET amount_lost = amount_paid - least(amount_refunded, amount_paid) WHERE dispute_status = 'lost';
UPDATE stripe_invoices SET amount_disputed = amount_paid WHERE dispute_status NOT IN ('won', 'lost', 'warning_closed', 'prevented');
UPDATE purchases SET amount_lost = amount_paid - least(amount_refunded, amount_paid) WHERE dispute_status = 'lost';
UPDATE purchases SET amount_disputed = amount_paid WHERE dispute_status NOT IN ('won', 'lost', 'warning_closed', 'prevented');

-- Where the months end that the money of an annual plan still buys; NULL: all of them.
ALTER TABLE user_plans ADD COLUMN refill_until timestamptz;

-- What a year that was cut short carried over, in months that were not refilled yet, can be taken back, too.
ALTER TABLE plan_grants DROP CONSTRAINT plan_grants_check;
ALTER TABLE plan_grants ADD CONSTRAINT plan_grants_check CHECK (clawed_back + written_off <= CASE billing_interval WHEN 'year' THEN 12 ELSE 1 END * credits);
