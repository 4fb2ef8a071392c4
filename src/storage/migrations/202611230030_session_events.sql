-- What happened to a session, for those who watch it and come back after their connection was lost. Kept for a day or so.
CREATE TABLE session_events (
    session_id VARCHAR(36) NOT NULL REFERENCES speech_practice_sessions (id) ON DELETE CASCADE,
    number $ID NOT NULL, -- 1, 2, 3, ... within the session
    created_at $TIME NOT NULL,
    payload $JSON NOT NULL,
    PRIMARY KEY (session_id, number)
);

CREATE INDEX session_events_by_time ON session_events (created_at);
