-- A learner who joins a class lets its teacher see what is practised from then on.
CREATE TABLE classes (
    id $IDENTITY,
    teacher_id $ID NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    name VARCHAR(200) NOT NULL,
    code VARCHAR(20) NOT NULL UNIQUE, -- whoever has it may join
    created_at $TIME NOT NULL
);

CREATE INDEX classes_by_teacher ON classes (teacher_id, id);

CREATE TABLE class_members (
    class_id $ID NOT NULL REFERENCES classes (id) ON DELETE CASCADE,
    user_id $ID NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    joined_at $TIME NOT NULL,
    PRIMARY KEY (class_id, user_id)
);

CREATE INDEX class_members_by_user ON class_members (user_id, class_id);

-- Who is on a roster and has not joined. The address need not belong to a user yet.
CREATE TABLE class_invitations (
    class_id $ID NOT NULL REFERENCES classes (id) ON DELETE CASCADE,
    email VARCHAR(254) NOT NULL,
    name VARCHAR(200) NOT NULL,
    created_at $TIME NOT NULL,
    PRIMARY KEY (class_id, email)
);

CREATE INDEX class_invitations_by_email ON class_invitations (email, class_id);

-- Sentences that a teacher wrote: for that teacher and the learners of that teacher's classes. Those without a row here came with
-- the program and are for everyone.
CREATE TABLE own_sentences (
    sentence_id $ID PRIMARY KEY REFERENCES sentences (id) ON DELETE CASCADE,
    teacher_id $ID NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    created_at $TIME NOT NULL,
    withdrawn_at $TIME -- no longer offered; sessions that read it keep it
);

CREATE INDEX own_sentences_by_teacher ON own_sentences (teacher_id, sentence_id);

-- The last number given to a teacher's sentence; those of the program lie far below.
CREATE TABLE own_sentence_numbers (last $ID NOT NULL);
INSERT INTO own_sentence_numbers (last) VALUES (1000000);

CREATE TABLE assignments (
    id $IDENTITY,
    class_id $ID NOT NULL REFERENCES classes (id) ON DELETE CASCADE,
    sentence_id $ID NOT NULL REFERENCES sentences (id) ON DELETE CASCADE,
    note VARCHAR(1000) NOT NULL,
    due_at $TIME,
    created_at $TIME NOT NULL
);

CREATE INDEX assignments_by_class ON assignments (class_id, id);
CREATE INDEX assignments_by_sentence ON assignments (sentence_id);

CREATE TABLE session_comments (
    id $IDENTITY,
    session_id VARCHAR(36) NOT NULL REFERENCES speech_practice_sessions (id) ON DELETE CASCADE,
    author_id $ID NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    at_s FLOAT, -- of the recording; NULL: about the whole
    text VARCHAR(4000) NOT NULL,
    created_at $TIME NOT NULL
);

CREATE INDEX session_comments_by_session ON session_comments (session_id, id);
CREATE INDEX session_comments_by_author ON session_comments (author_id);

-- Who other than the learner read or heard what.
CREATE TABLE access_log (
    id $IDENTITY,
    user_id $ID NOT NULL REFERENCES users (id) ON DELETE CASCADE, -- whose it is
    actor_id $ID REFERENCES users (id) ON DELETE SET NULL,
    action VARCHAR(20) NOT NULL CHECK (action IN ('listed', 'read', 'heard', 'exported')),
    session_id VARCHAR(36), -- also of a session that is gone
    created_at $TIME NOT NULL
);

CREATE INDEX access_log_by_user ON access_log (user_id, id);
CREATE INDEX access_log_by_actor ON access_log (actor_id) WHERE actor_id IS NOT NULL;
