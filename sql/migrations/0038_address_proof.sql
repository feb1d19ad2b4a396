-- When the owner of an account showed that its address is theirs. NULL: not yet, which is so for every account from before.
ALTER TABLE account_credentials ADD COLUMN verified_at timestamptz;
GRANT SELECT (verified_at) ON account_credentials TO authenticated;

-- How many accounts a network has made within a day of its first. The network is a digest.
CREATE TABLE signup_networks (
    subject  text PRIMARY KEY,
    since    timestamptz NOT NULL,
    accounts integer NOT NULL CHECK (accounts > 0)
);
CREATE INDEX signup_networks_since_idx ON signup_networks (since);
GRANT SELECT, INSERT, UPDATE, DELETE ON signup_networks TO aurion_service;
ALTER TABLE signup_networks ENABLE ROW LEVEL SECURITY;
CREATE POLICY service ON signup_networks TO aurion_service USING (true) WITH CHECK (true);

-- The free plan's credits wait until the address is proven, and are not refilled meanwhile.
ALTER TABLE user_plans ADD COLUMN credits_wait boolean NOT NULL DEFAULT false;

-- Both take more arguments now; beside them the old ones would be ambiguous.
DROP FUNCTION IF EXISTS public.create_account(uuid, text, text, text, text, timestamptz);
DROP FUNCTION IF EXISTS public.open_account_session(uuid, text, uuid, text, timestamptz, timestamptz);
