CREATE TABLE jobs (
    id $IDENTITY, -- in the order of arrival
    kind VARCHAR(50) NOT NULL,
    session_id VARCHAR(36) NOT NULL REFERENCES speech_practice_sessions (id) ON DELETE CASCADE,
    attempt INTEGER NOT NULL DEFAULT 0,
    created_at $TIME NOT NULL,
    UNIQUE (session_id, kind)
);
