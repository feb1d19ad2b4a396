-- Takes over what the provider asks for a model now, in micro-dollars for a million tokens. Another price is another version, which
-- counts for runs that begin from now on. p_off_reason: why the model is switched off with it; the administrators are told, unless
-- it was off before. Prices of NULL are not taken over. Returns what was done: NONE, PRICED, OFF.
CREATE OR REPLACE FUNCTION public.import_model_price(
    p_model_id text, p_prompt_price bigint, p_completion_price bigint, p_off_reason text, p_admins text[], p_now timestamptz)
RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    v_model  ai_models;
    v_last   model_prices;
    v_did    text := 'NONE';
BEGIN
    SELECT * INTO STRICT v_model FROM ai_models WHERE model_id = p_model_id FOR UPDATE;
    SELECT * INTO STRICT v_last FROM model_prices WHERE model_id = p_model_id ORDER BY version DESC LIMIT 1;
    IF (p_prompt_price, p_completion_price) IS DISTINCT FROM (v_last.prompt_price, v_last.completion_price) AND p_prompt_price IS NOT NULL AND p_completion_price IS NOT NULL THEN
        INSERT INTO model_prices (model_id, version, prompt_price, completion_price, unit_price, microdollars_per_credit, valid_from)
        VALUES (p_model_id, v_last.version + 1, p_prompt_price, p_completion_price, v_last.unit_price, v_last.microdollars_per_credit, greatest(p_now, v_last.valid_from));
        v_did := 'PRICED';
    END IF;
    IF p_off_reason IS NOT NULL AND v_model.status = 'live' THEN
        UPDATE ai_models SET status = 'off', status_reason = p_off_reason WHERE model_id = p_model_id;
        PERFORM write_admin_mails(p_admins, 'model_off:' || p_model_id || ':' || extract(epoch FROM p_now)::bigint, 'model_off',
            jsonb_build_object('model', v_model.name, 'reason', p_off_reason), p_now);
        v_did := 'OFF';
    END IF;
    RETURN v_did;
END $$;
