-- What learners think of the feedback on a session.
CREATE TABLE feedback_stars (
    session_id VARCHAR(36) PRIMARY KEY REFERENCES speech_practice_sessions (id) ON DELETE CASCADE,
    stars INTEGER NOT NULL CHECK (stars BETWEEN 1 AND 5),
    given_at $TIME NOT NULL
);

CREATE INDEX feedback_stars_by_time ON feedback_stars (given_at);
