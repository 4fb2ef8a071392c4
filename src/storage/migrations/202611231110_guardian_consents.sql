-- A learner with a row is a child, who practises once a guardian lets them.
CREATE TABLE guardian_consents (
    user_id $ID PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    declared_at $TIME NOT NULL,
    code_hash VARCHAR(64) UNIQUE, -- of the guardian's link: SHA-256, hexadecimal
    given_by VARCHAR(20) CHECK (given_by IN ('guardian', 'school')), -- NULL: not given
    guardian VARCHAR(200), -- as they wrote their name
    recorded_by $ID REFERENCES users (id) ON DELETE SET NULL, -- the teacher whose school holds it
    given_at $TIME,
    refused_at $TIME -- by a guardian: the school's word counts no more
);

CREATE INDEX guardian_consents_by_teacher ON guardian_consents (recorded_by) WHERE recorded_by IS NOT NULL;

-- Those on a roster who are children, until they join.
CREATE TABLE invited_children (
    class_id $ID NOT NULL,
    email VARCHAR(254) NOT NULL,
    has_consent BOOLEAN NOT NULL, -- the school holds a guardian's
    PRIMARY KEY (class_id, email),
    FOREIGN KEY (class_id, email) REFERENCES class_invitations (class_id, email) ON DELETE CASCADE
);
