-- Names an address in a mailed link, so that the link is worth nothing once the address is another.
CREATE OR REPLACE FUNCTION public.address_digest(p_email text)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN encode(sha256(convert_to(p_email, 'UTF8')), 'hex');
