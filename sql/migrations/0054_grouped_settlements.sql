-- Answers are ended in groups now: finish_answers.
DROP FUNCTION IF EXISTS public.finish_answer(uuid, uuid, text, text, integer, integer, bigint, text, timestamptz);
-- Each hold locked its plan's row for this key. The plan is copied from user_plans, whose own key holds it.
ALTER TABLE credit_holds DROP CONSTRAINT credit_holds_plan_type_fkey;
