CREATE TABLE users (
    -- The number of a deleted user is never given to another.
    id $IDENTITY,
    email VARCHAR(254) UNIQUE,
    name VARCHAR(200) NOT NULL,
    role VARCHAR(20) NOT NULL CHECK (role IN ('learner', 'teacher', 'admin')),
    password_hash TEXT,
    created_at $TIME NOT NULL
);
