CREATE TABLE user_progress_llm (
    id $IDENTITY,
    user_id $ID NOT NULL UNIQUE REFERENCES users (id) ON DELETE CASCADE,
    total_sessions INTEGER NOT NULL DEFAULT 0,
    total_practice_time_seconds INTEGER NOT NULL DEFAULT 0,
    practice_ms BIGINT NOT NULL DEFAULT 0,
    avg_overall_score FLOAT,
    avg_pronunciation_score FLOAT,
    avg_prosody_score FLOAT,
    avg_emotion_score FLOAT,
    avg_confidence_score FLOAT,
    avg_fluency_score FLOAT,
    score_trend FLOAT, -- points a week; positive is better
    current_streak_days INTEGER NOT NULL DEFAULT 0, -- that ended on last_practice_date
    longest_streak_days INTEGER NOT NULL DEFAULT 0,
    last_practice_date $DATE, -- where the learner lives
    last_practice_day INTEGER, -- the same, in days since 1970
    weak_areas $JSON,
    updated_at $TIME NOT NULL
);

-- What each session added, so that it can be taken back or replaced. Scores are thousandths of points.
CREATE TABLE session_contributions (
    session_id VARCHAR(36) PRIMARY KEY REFERENCES speech_practice_sessions (id) ON DELETE CASCADE,
    user_id $ID NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    contribution $JSON NOT NULL
);

CREATE INDEX session_contributions_by_user ON session_contributions (user_id);

CREATE TABLE practice_days (
    user_id $ID NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    day INTEGER NOT NULL, -- since 1970-01-01, where the learner lives
    sessions BIGINT NOT NULL,
    practice_ms BIGINT NOT NULL,
    overall_sum BIGINT NOT NULL,
    pronunciation_sum BIGINT NOT NULL,
    prosody_sum BIGINT NOT NULL,
    emotion_sum BIGINT NOT NULL,
    confidence_sum BIGINT NOT NULL,
    fluency_sum BIGINT NOT NULL,
    PRIMARY KEY (user_id, day)
);

CREATE TABLE practice_counts (
    user_id $ID NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    kind VARCHAR(5) NOT NULL CHECK (kind IN ('sound', 'word')),
    text VARCHAR(60) NOT NULL,
    chances BIGINT NOT NULL,
    faults BIGINT NOT NULL,
    score_sum BIGINT NOT NULL,
    PRIMARY KEY (user_id, kind, text)
);
