-- A tool that an administrator has stopped is shown with the reason, and refuses what would cost. 'off' stays: not shown at all.
ALTER TABLE tools DROP CONSTRAINT tools_status_check,
    ADD CONSTRAINT tools_status_check CHECK (status IN ('live', 'stopped', 'coming_soon', 'off')),
    ADD COLUMN status_reason text;
GRANT UPDATE (status, status_reason) ON tools TO aurion_service;
CREATE POLICY service ON tools TO aurion_service USING (true) WITH CHECK (true);

-- What the operator still has at a provider in micro-dollars; NULL: the provider does not tell. refused_at: when a call was refused
-- last because the account is empty. alarmed_at: when the administrators were told; NULL: they will be, once it runs dry.
CREATE TABLE provider_accounts (
    provider            text PRIMARY KEY,
    remaining_microusd  bigint,
    checked_at          timestamptz,
    fault               text,
    refused_at          timestamptz,
    alarmed_at          timestamptz
);
INSERT INTO provider_accounts (provider) VALUES ('openrouter');
GRANT SELECT, UPDATE ON provider_accounts TO aurion_service;
ALTER TABLE provider_accounts ENABLE ROW LEVEL SECURITY;
CREATE POLICY service ON provider_accounts TO aurion_service USING (true) WITH CHECK (true);
