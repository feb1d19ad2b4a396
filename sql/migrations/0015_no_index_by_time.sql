-- No query asks for the movements of a time without naming an account, and a dashboard was led through this index past every row of the table.
DROP INDEX usage_logs_created_idx;
