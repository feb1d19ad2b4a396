-- A person keeps some conversations on top of the list.
ALTER TABLE conversations ADD COLUMN is_pinned boolean NOT NULL DEFAULT false;
