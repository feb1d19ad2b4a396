-- The hash of one ledger row over the hash of the row before it (empty for the first), in its second form, usage_logs.hash_form = 2:
-- PostgreSQL's binary form of the row gives each value its type and length, so no two rows look alike. Text goes in as UTF-8,
-- because text_send would give it the encoding of whoever is connected.
CREATE OR REPLACE FUNCTION public.ledger_hash(
    p_previous bytea, p_user_id uuid, p_seq bigint, p_created_at timestamptz, p_action_type text, p_credits_used integer,
    p_delta integer, p_balance_after integer, p_operation_id text, p_actor text, p_metadata jsonb, p_buckets jsonb,
    p_session_id uuid)
RETURNS bytea LANGUAGE sql STABLE PARALLEL SAFE
RETURN sha256(p_previous || record_send(ROW(
    p_user_id, p_seq, p_created_at, convert_to(p_action_type, 'UTF8'), p_credits_used, p_delta, p_balance_after,
    convert_to(p_operation_id, 'UTF8'), convert_to(p_actor, 'UTF8'), convert_to(p_metadata::text, 'UTF8'), convert_to(p_buckets::text, 'UTF8'), p_session_id)));
