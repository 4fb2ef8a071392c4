-- Learners who let teachers hear and rate, without a name, what they read from then on.
CREATE TABLE rating_consents (
    user_id $ID PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    given_at $TIME NOT NULL
);

-- What people think of a reading. Two or more rate the same one.
CREATE TABLE human_ratings (
    session_id VARCHAR(36) NOT NULL REFERENCES speech_practice_sessions (id) ON DELETE CASCADE,
    rater_id $ID NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    accuracy INTEGER NOT NULL CHECK (accuracy BETWEEN 0 AND 10),
    fluency INTEGER NOT NULL CHECK (fluency BETWEEN 0 AND 10),
    prosodic INTEGER NOT NULL CHECK (prosodic BETWEEN 0 AND 10),
    total INTEGER NOT NULL CHECK (total BETWEEN 0 AND 10),
    rated_at $TIME NOT NULL,
    PRIMARY KEY (session_id, rater_id)
);

CREATE INDEX human_ratings_by_rater ON human_ratings (rater_id);

-- shown = shift + slope * given. A rating without a row is shown as it is.
CREATE TABLE rating_lines (
    rating VARCHAR(20) PRIMARY KEY CHECK (rating IN ('accuracy', 'fluency', 'prosodic')),
    shift FLOAT NOT NULL,
    slope FLOAT NOT NULL,
    made_at $TIME NOT NULL
);
