-- What a sweep of old recordings and old texts looks for.
CREATE INDEX sessions_with_audio ON speech_practice_sessions (created_at) WHERE audio_url IS NOT NULL;
CREATE INDEX sessions_with_text ON speech_practice_sessions (created_at) WHERE transcript <> '';
CREATE INDEX llm_usage_by_user ON llm_usage_logs (user_id) WHERE user_id IS NOT NULL;
