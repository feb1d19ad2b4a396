-- The IANA name of the zone in which a person reads times; NULL until their device has told it or they have chosen one.
ALTER TABLE profiles ADD COLUMN time_zone text CHECK (length(time_zone) BETWEEN 1 AND 64);

-- The most that its owner lets an account spend in a day and in a month; NULL is no cap, 0 stops all spending.
ALTER TABLE user_credits ADD COLUMN daily_cap integer CHECK (daily_cap >= 0), ADD COLUMN monthly_cap integer CHECK (monthly_cap >= 0);

-- When an account was closed for good; it is not refilled any more.
ALTER TABLE user_plans ADD COLUMN closed_at timestamptz;
UPDATE user_plans p SET closed_at = now() WHERE NOT EXISTS (SELECT FROM auth.users u WHERE u.id = p.user_id);
CREATE INDEX identity_events_received_idx ON identity_events (received_at);
