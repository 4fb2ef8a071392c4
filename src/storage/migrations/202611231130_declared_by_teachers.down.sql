ALTER TABLE guardian_consents DROP COLUMN is_declared_by_teachers;
