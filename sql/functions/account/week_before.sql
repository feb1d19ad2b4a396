-- The last whole week, Monday to Sunday, of somebody in this zone (UTC where there is none, or the database does not know it), whose
-- Monday morning at seven has come.
CREATE OR REPLACE FUNCTION public.week_before(p_zone text, p_now timestamptz, OUT monday date, OUT since timestamptz, OUT until timestamptz)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    c_hour CONSTANT interval := interval '7 hours';
    v_zone text := coalesce(p_zone, 'UTC');
BEGIN
    BEGIN
        monday := date_trunc('week', (p_now AT TIME ZONE v_zone) - c_hour)::date;
    EXCEPTION WHEN invalid_parameter_value THEN
        v_zone := 'UTC';
        monday := date_trunc('week', (p_now AT TIME ZONE v_zone) - c_hour)::date;
    END;
    since := (monday - 7)::timestamp AT TIME ZONE v_zone;
    until := monday::timestamp AT TIME ZONE v_zone;
END $$;
