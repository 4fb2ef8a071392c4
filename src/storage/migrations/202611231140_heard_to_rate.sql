-- Heard by somebody who rates it and is told no name.
ALTER TABLE access_log ADD COLUMN is_to_rate BOOLEAN NOT NULL DEFAULT FALSE;
