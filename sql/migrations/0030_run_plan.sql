-- The plan under which a run was begun: its price is what the run's credits brought in.
ALTER TABLE credit_holds ADD COLUMN plan_type text REFERENCES plans;
UPDATE credit_holds h SET plan_type = p.plan_type FROM user_plans p WHERE p.user_id = h.user_id;
CREATE INDEX credit_holds_closed_idx ON credit_holds (closed_at) WHERE state <> 'open';
