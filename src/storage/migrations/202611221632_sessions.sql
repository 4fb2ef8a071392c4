-- analysis_result holds all that was found out about a recording; the columns from audio_duration_seconds to
-- was_degraded_mode repeat parts of it for those who read this table with SQL.
CREATE TABLE speech_practice_sessions (
    id VARCHAR(36) PRIMARY KEY CHECK (length(id) = 36),
    user_id $ID NOT NULL REFERENCES users (id),
    mode VARCHAR(20) NOT NULL CHECK (mode IN ('conversation', 'sentence_practice')),
    locale VARCHAR(2) NOT NULL CHECK (locale IN ('vi', 'en')),
    sentence_id $ID REFERENCES sentences (id),
    reference_text TEXT,
    audio_url VARCHAR(500), -- key in the blob store
    audio_format VARCHAR(20),
    audio_size_bytes BIGINT,
    audio_duration_seconds FLOAT,
    transcript TEXT,
    transcription_confidence FLOAT,
    prosody_features $JSON,
    analysis_result $JSON,
    overall_score FLOAT,
    pronunciation_score FLOAT,
    prosody_score FLOAT,
    emotion_score FLOAT,
    confidence_score FLOAT,
    fluency_score FLOAT,
    conversational_feedback TEXT,
    detailed_feedback $JSON,
    llm_provider_used VARCHAR(50),
    processing_time_ms INTEGER,
    was_degraded_mode BOOLEAN NOT NULL DEFAULT FALSE,
    status VARCHAR(20) NOT NULL CHECK (status IN ('created', 'recording', 'interrupted', 'awaiting_audio', 'processing',
                                                  'completed', 'degraded', 'failed', 'abandoned')),
    error_code VARCHAR(50),
    error_message TEXT,
    created_at $TIME NOT NULL,
    completed_at $TIME
);

CREATE INDEX sessions_by_user ON speech_practice_sessions (user_id, created_at DESC, id DESC);
CREATE INDEX sessions_by_user_and_status ON speech_practice_sessions (user_id, status, created_at DESC, id DESC);
CREATE INDEX sessions_by_status ON speech_practice_sessions (status, created_at, id);
CREATE INDEX sessions_by_sentence ON speech_practice_sessions (sentence_id) WHERE sentence_id IS NOT NULL;
