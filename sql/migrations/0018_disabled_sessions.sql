-- Says from now on which sessions it ended, as the change of a password does.
DROP FUNCTION IF EXISTS public.disable_account(uuid, timestamptz);
