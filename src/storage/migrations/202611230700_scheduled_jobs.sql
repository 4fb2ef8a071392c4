-- What is done from time to time: a row a job, of its last run.
CREATE TABLE scheduled_jobs (
    job_name VARCHAR(50) PRIMARY KEY,
    due_at $TIME NOT NULL, -- the time of the schedule that this run is for
    fence BIGINT NOT NULL, -- of the leader that asked for it: a run that an earlier leader asked for is not begun any more
    attempts INTEGER NOT NULL, -- to do what was due then
    began_at $TIME NOT NULL,
    ended_at $TIME, -- NULL: it runs, or its process has died
    succeeded BOOLEAN NOT NULL,
    last_duration_ms BIGINT NOT NULL,
    last_success_at $TIME,
    runs BIGINT NOT NULL, -- that have ended, of all times
    failures BIGINT NOT NULL
);
