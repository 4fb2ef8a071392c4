-- Tables of another program in this database, whose rows are followed.
CREATE TABLE adapted_tables (
    kind VARCHAR(20) PRIMARY KEY CHECK (kind IN ('users', 'sentences')),
    table_name VARCHAR(130) NOT NULL,
    columns TEXT NOT NULL, -- JSON: ours -> theirs
    issuer VARCHAR(500) NOT NULL -- of tokens that name these users; empty for sentences
);

-- Which of ours is which of theirs. One who was erased here stays so: the row is left without its user.
CREATE TABLE adapted_users (
    foreign_id VARCHAR(255) PRIMARY KEY,
    user_id $ID UNIQUE REFERENCES users (id) ON DELETE SET NULL
);

CREATE TABLE adapted_sentences (
    foreign_id VARCHAR(255) PRIMARY KEY,
    sentence_id $ID NOT NULL UNIQUE REFERENCES sentences (id) ON DELETE CASCADE
);
