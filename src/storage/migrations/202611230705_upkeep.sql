-- What is kept of who saw what is swept by age.
CREATE INDEX access_log_by_time ON access_log (created_at);

-- Users whose progress is to be counted anew once, in the background of the next start: those whose readings of sentences are older than
-- the learning path.
CREATE TABLE progress_rebuilds (user_id $ID PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE);
INSERT INTO progress_rebuilds (user_id)
    SELECT DISTINCT user_id FROM speech_practice_sessions WHERE sentence_id IS NOT NULL AND status IN ('completed', 'degraded');
