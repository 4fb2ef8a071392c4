-- Times are milliseconds since the epoch, UTC, in every table.
CREATE TABLE users (
    -- AUTOINCREMENT: the number of a deleted user is never given to another.
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    email VARCHAR(254) UNIQUE,
    name VARCHAR(200) NOT NULL,
    role VARCHAR(20) NOT NULL CHECK (role IN ('learner', 'teacher', 'admin')),
    password_hash TEXT,
    created_at BIGINT NOT NULL
);
