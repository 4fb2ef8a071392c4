-- Writes that a client may send twice, by the key that it gave them, and how they were answered. Kept for a day.
CREATE TABLE idempotent_requests (
    user_id $ID NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    request_key VARCHAR(200) NOT NULL,
    request_hash VARCHAR(64) NOT NULL, -- SHA-256, hexadecimal
    created_at $TIME NOT NULL,
    status INTEGER, -- NULL while it is under way
    media_type VARCHAR(100),
    location VARCHAR(500),
    body TEXT,
    PRIMARY KEY (user_id, request_key)
);

CREATE INDEX idempotent_requests_by_time ON idempotent_requests (created_at);
