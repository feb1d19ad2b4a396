-- Gives a new row of auth.users its profile, the free plan and the free plan's credits, in the same transaction. Where create_account
-- says so, the credits wait.
CREATE OR REPLACE FUNCTION public.handle_new_user()
RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    v_wait    boolean := coalesce((NEW.raw_user_meta_data ->> 'credits_wait')::boolean, false);
    v_now     timestamptz := coalesce(NEW.created_at, now());
    v_credits integer;
BEGIN
    SELECT credits_monthly INTO STRICT v_credits FROM plans WHERE plan_type = 'free';

    INSERT INTO profiles (id, email, full_name, locale, created_at, updated_at)
    VALUES (NEW.id, coalesce(NEW.email, ''), NEW.raw_user_meta_data ->> 'full_name',
            (SELECT l FROM unnest(ARRAY['en', 'fr']) AS l WHERE l = NEW.raw_user_meta_data ->> 'locale'), v_now, v_now);

    INSERT INTO user_plans (user_id, plan_type, status, current_period_start, current_period_end, anchor_day, credits_monthly, credits_wait, created_at, updated_at)
    VALUES (NEW.id, 'free', 'active', v_now, anchored_month(v_now, extract(day FROM v_now AT TIME ZONE 'UTC')::integer, 1),
            extract(day FROM v_now AT TIME ZONE 'UTC'), v_credits, v_wait, v_now, v_now);

    INSERT INTO user_credits (user_id, total_credits, last_reset_date) VALUES (NEW.id, 0, v_now);
    IF NOT v_wait THEN
        PERFORM record_movement(NEW.id, v_credits, 0, 0, 'credits_granted', 0, 'signup', 'system',
                                jsonb_build_object('credits_granted', v_credits, 'plan_type', 'free'), NULL, v_now);
    END IF;
    RETURN NEW;
END $$;

CREATE OR REPLACE TRIGGER on_auth_user_created AFTER INSERT ON auth.users
    FOR EACH ROW EXECUTE FUNCTION public.handle_new_user();
