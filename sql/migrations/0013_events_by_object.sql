-- The events that wait for one object are taken together.
CREATE INDEX stripe_events_object_idx ON stripe_events (object_id) WHERE state IN ('received', 'processing');
