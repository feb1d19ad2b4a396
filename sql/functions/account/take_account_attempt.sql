-- Counts one attempt against every subject, or against none: NULL when all had room, else the instant when the fullest
-- has room again. A bucket holds p_bursts[i] attempts and loses one every p_intervals[i]. A refused attempt costs nothing,
-- so hammering postpones nothing: nobody is locked out for longer than an interval.
CREATE OR REPLACE FUNCTION public.take_account_attempt(
    p_subjects text[], p_bursts integer[], p_intervals interval[], p_now timestamptz)
RETURNS timestamptz LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    v_retry_at timestamptz;
BEGIN
    -- Locked in one order, so that two attempts with the same subjects cannot wait for each other.
    INSERT INTO account_attempts AS a (subject, clear_at)
    SELECT s, p_now FROM unnest(p_subjects) AS s ORDER BY s
    ON CONFLICT (subject) DO UPDATE SET clear_at = greatest(a.clear_at, p_now);

    SELECT max(a.clear_at - (b.burst - 1) * b.every) INTO v_retry_at
      FROM unnest(p_subjects, p_bursts, p_intervals) AS b (subject, burst, every)
      JOIN account_attempts AS a USING (subject)
     WHERE a.clear_at - (b.burst - 1) * b.every > p_now;
    IF v_retry_at IS NULL THEN
        UPDATE account_attempts AS a SET clear_at = a.clear_at + b.every
          FROM unnest(p_subjects, p_intervals) AS b (subject, every)
         WHERE a.subject = b.subject;
    END IF;

    -- Last, and never waiting: whoever still waits for one of these rows holds nothing that is wanted here.
    DELETE FROM account_attempts WHERE subject IN (
        SELECT subject FROM account_attempts WHERE clear_at < p_now - interval '1 hour' LIMIT 8 FOR UPDATE SKIP LOCKED);
    RETURN v_retry_at;
END $$;
