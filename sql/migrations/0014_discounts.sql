-- Whether Stripe will take something off the next invoice: a code that was typed at checkout, for as long as it lasts.
ALTER TABLE user_subscriptions ADD COLUMN has_discount boolean;
