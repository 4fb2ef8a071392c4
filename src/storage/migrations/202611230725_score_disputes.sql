-- Scores that a learner says are wrong, until somebody has looked.
CREATE TABLE score_disputes (
    id $IDENTITY,
    session_id VARCHAR(36) NOT NULL REFERENCES speech_practice_sessions (id) ON DELETE CASCADE,
    user_id $ID NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    score VARCHAR(20) NOT NULL,
    given FLOAT NOT NULL, -- what it was then
    text VARCHAR(1000) NOT NULL,
    created_at $TIME NOT NULL,
    reviewed_at $TIME,
    UNIQUE (session_id, score)
);

CREATE INDEX score_disputes_open ON score_disputes (id) WHERE reviewed_at IS NULL;
CREATE INDEX score_disputes_by_user ON score_disputes (user_id);
