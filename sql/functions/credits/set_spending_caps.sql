-- Sets the most that its owner lets an account spend in a day and in a month; NULL is no cap. Returns whether there is such an account.
CREATE OR REPLACE FUNCTION public.set_spending_caps(p_user_id uuid, p_daily integer, p_monthly integer)
RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE user_credits SET daily_cap = p_daily, monthly_cap = p_monthly WHERE user_id = p_user_id;
    RETURN FOUND;
END $$;
