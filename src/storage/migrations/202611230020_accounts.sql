-- Only the hash of a refresh token is kept. Tokens that came out of one sign-in are a family: when one of them is used twice,
-- somebody has stolen it, and all are revoked.
CREATE TABLE refresh_tokens (
    token_hash VARCHAR(64) PRIMARY KEY, -- SHA-256, hexadecimal
    user_id $ID NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    family VARCHAR(36) NOT NULL,
    created_at $TIME NOT NULL,
    expires_at $TIME NOT NULL,
    used_at $TIME,
    revoked_at $TIME
);

CREATE INDEX refresh_tokens_by_user ON refresh_tokens (user_id);
CREATE INDEX refresh_tokens_by_family ON refresh_tokens (family);
CREATE INDEX refresh_tokens_by_expiry ON refresh_tokens (expires_at);

-- Who a user is to an outside issuer of tokens.
CREATE TABLE external_identities (
    issuer VARCHAR(500) NOT NULL,
    subject VARCHAR(255) NOT NULL,
    user_id $ID NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    PRIMARY KEY (issuer, subject)
);

CREATE INDEX external_identities_by_user ON external_identities (user_id);

-- Where a user has no row, the defaults of the program hold.
CREATE TABLE learner_settings (
    user_id $ID PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    time_zone VARCHAR(64) NOT NULL, -- IANA
    locale VARCHAR(2) NOT NULL CHECK (locale IN ('vi', 'en')),
    level VARCHAR(2) CHECK (level IN ('A1', 'A2', 'B1', 'B2', 'C1')),
    daily_goal_minutes INTEGER NOT NULL CHECK (daily_goal_minutes BETWEEN 1 AND 600)
);
