-- Administrators see the newest accounts first and look one up by the beginning of its address.
CREATE INDEX profiles_created_idx ON profiles (created_at DESC, id DESC);
CREATE INDEX profiles_address_idx ON profiles (lower(email) text_pattern_ops);
