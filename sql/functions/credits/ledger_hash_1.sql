-- The first form of the hash of a ledger row, which only old rows have (usage_logs.hash_form = 1).
CREATE OR REPLACE FUNCTION public.ledger_hash_1(
    p_previous bytea, p_user_id uuid, p_seq bigint, p_created_at timestamptz, p_action_type text, p_credits_used integer,
    p_delta integer, p_balance_after integer, p_operation_id text, p_actor text, p_metadata jsonb, p_buckets jsonb,
    p_session_id uuid)
RETURNS bytea LANGUAGE sql STABLE PARALLEL SAFE
RETURN sha256(p_previous || convert_to(jsonb_build_array(
    p_user_id, p_seq, (extract(epoch FROM p_created_at) * 1000000)::bigint, p_action_type, p_credits_used,
    p_delta, p_balance_after, p_operation_id, p_actor, p_metadata, p_buckets, p_session_id)::text, 'UTF8'));
