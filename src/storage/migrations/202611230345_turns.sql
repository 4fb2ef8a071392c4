-- A conversation's exchanges: what the coach says, then what the learner answers. The session's row sums the answers up.
-- analysis_result holds all that was found out about an answer; transcript and overall_score repeat parts of it for those who read
-- this table with SQL.
CREATE TABLE speech_practice_turns (
    session_id VARCHAR(36) NOT NULL REFERENCES speech_practice_sessions (id) ON DELETE CASCADE,
    turn INTEGER NOT NULL CHECK (turn >= 1), -- 1, 2, 3, ... within the session
    coach $JSON NOT NULL,
    dialogue $JSON, -- where the conversation stands then
    audio_url VARCHAR(500), -- key in the blob store
    audio_format VARCHAR(20),
    audio_size_bytes BIGINT,
    transcript TEXT,
    analysis_result $JSON,
    overall_score FLOAT,
    error_code VARCHAR(50),
    error_message TEXT,
    created_at $TIME NOT NULL,
    completed_at $TIME,
    PRIMARY KEY (session_id, turn)
);
