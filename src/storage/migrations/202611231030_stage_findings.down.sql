ALTER TABLE speech_practice_sessions DROP COLUMN analysis_found;
ALTER TABLE speech_practice_sessions DROP COLUMN voice_found;
