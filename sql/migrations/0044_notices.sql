-- What a person wants to be told of their credits, and how. No row: everything, in both ways.
CREATE TABLE notification_settings (
    user_id     uuid PRIMARY KEY,
    at_fifth    boolean NOT NULL DEFAULT true,
    at_zero     boolean NOT NULL DEFAULT true,
    at_figure   integer CHECK (at_figure > 0),
    expiry_days integer[] NOT NULL DEFAULT '{30,7,1}' CHECK (expiry_days <@ '{30,7,1}'),
    by_mail     boolean NOT NULL DEFAULT true,
    by_banner   boolean NOT NULL DEFAULT true
);

GRANT SELECT ON notification_settings TO authenticated;
GRANT SELECT, INSERT, UPDATE, DELETE ON notification_settings TO aurion_service;
ALTER TABLE notification_settings ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON notification_settings FOR SELECT TO authenticated USING (user_id = (SELECT auth.uid()));
CREATE POLICY service ON notification_settings TO aurion_service USING (true) WITH CHECK (true);

-- How far each account's movements were judged, and on which side of each threshold it was then: a mail tells a crossing, once.
CREATE TABLE balance_notices (
    user_id         uuid PRIMARY KEY,
    judged_seq      bigint NOT NULL,
    is_low          boolean NOT NULL,
    is_out          boolean NOT NULL,
    is_below_figure boolean NOT NULL
);
GRANT SELECT ON balance_notices TO authenticated;
GRANT SELECT, DELETE ON balance_notices TO aurion_service;
ALTER TABLE balance_notices ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON balance_notices FOR SELECT TO authenticated USING (user_id = (SELECT auth.uid()));
CREATE POLICY service ON balance_notices TO aurion_service USING (true) WITH CHECK (true);

-- Nobody is told now of what they spent long ago.
INSERT INTO balance_notices (user_id, judged_seq, is_low, is_out, is_below_figure)
SELECT user_id, ledger_seq, (total_credits - used_credits + bonus_credits) * 5::bigint < total_credits, total_credits - used_credits + bonus_credits <= 0, false
  FROM user_credits;

-- For the list of what was sent.
CREATE INDEX mails_created_idx ON mails (created_at DESC, user_id, source_ref);
