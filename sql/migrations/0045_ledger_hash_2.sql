-- Whoever moves credits locks the account first: nobody is between a hash and its row while the form changes.
LOCK TABLE user_credits IN EXCLUSIVE MODE;

-- Each row of the ledger says in which form it was hashed: those that are here in the first, those that come in the second.
ALTER TABLE usage_logs ADD COLUMN hash_form smallint NOT NULL DEFAULT 1;
ALTER TABLE usage_logs ALTER COLUMN hash_form SET DEFAULT 2;
