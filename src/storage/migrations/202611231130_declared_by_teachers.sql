-- Of a child whom only teachers called one: the teacher in recorded_by may take it back.
ALTER TABLE guardian_consents ADD COLUMN is_declared_by_teachers BOOLEAN NOT NULL DEFAULT FALSE;
