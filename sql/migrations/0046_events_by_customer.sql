
-- The events that wait for one customer are taken together; an event that names none, by its object.
CREATE INDEX stripe_events_subject_idx ON stripe_events ((coalesce(customer_id, object_id))) WHERE finished_at IS NULL;
DROP INDEX stripe_events_object_idx;
