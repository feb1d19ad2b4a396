-- Whoever asks for it is told each Monday what the week has cost. judged_week: the Monday up to which that was looked at.
ALTER TABLE notification_settings
    ADD COLUMN weekly      boolean NOT NULL DEFAULT false,
    ADD COLUMN judged_week date NOT NULL DEFAULT '-infinity';
CREATE INDEX notification_settings_weekly_idx ON notification_settings (judged_week) WHERE weekly;

-- It says from now on which mails are to stop.
DROP FUNCTION IF EXISTS public.stop_notices(uuid, timestamptz);
