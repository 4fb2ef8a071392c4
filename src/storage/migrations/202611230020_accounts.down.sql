DROP TABLE learner_settings;
DROP TABLE external_identities;
DROP TABLE refresh_tokens;
