-- What the stages of an analysis under way have found, where processes share them: NULL again with the next change of status.
ALTER TABLE speech_practice_sessions ADD COLUMN voice_found TEXT;
ALTER TABLE speech_practice_sessions ADD COLUMN analysis_found TEXT;
