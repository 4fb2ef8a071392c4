ALTER TABLE access_log DROP COLUMN is_to_rate;
