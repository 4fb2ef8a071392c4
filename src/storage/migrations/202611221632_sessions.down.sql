DROP TABLE speech_practice_sessions;
