-- How a learner's readings of each sentence went, and when it is to be read again (SM-2). Made from the finished sessions and made anew
-- whenever one of them changes; days count from 1970-01-01 where the learner lives.
CREATE TABLE sentence_reviews (
    user_id $ID NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    sentence_id $ID NOT NULL REFERENCES sentences (id) ON DELETE CASCADE,
    readings INTEGER NOT NULL CHECK (readings > 0),
    last_score FLOAT NOT NULL,
    last_day INTEGER NOT NULL,
    wants_another BOOLEAN NOT NULL,
    repetitions INTEGER NOT NULL,
    interval_days INTEGER NOT NULL,
    easiness_hundredths INTEGER NOT NULL,
    due_day INTEGER NOT NULL,
    PRIMARY KEY (user_id, sentence_id)
);

CREATE INDEX sentence_reviews_by_sentence ON sentence_reviews (sentence_id);
CREATE INDEX sessions_by_user_and_sentence ON speech_practice_sessions (user_id, sentence_id, created_at, id) WHERE sentence_id IS NOT NULL;
