DROP TABLE invited_children;
DROP TABLE guardian_consents;
