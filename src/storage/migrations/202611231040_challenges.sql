-- What a class sets out to do together.
CREATE TABLE class_challenges (
    id $IDENTITY,
    class_id $ID NOT NULL REFERENCES classes (id) ON DELETE CASCADE,
    title VARCHAR(200) NOT NULL,
    measure VARCHAR(20) NOT NULL CHECK (measure IN ('sessions', 'minutes')),
    goal INTEGER NOT NULL CHECK (goal > 0),
    begins_at $TIME NOT NULL,
    ends_at $TIME NOT NULL
);

CREATE INDEX class_challenges_by_class ON class_challenges (class_id, id);

-- Members who want to be shown beside the others; nobody is who did not say so.
CREATE TABLE leaderboard_members (
    class_id $ID NOT NULL,
    user_id $ID NOT NULL,
    PRIMARY KEY (class_id, user_id),
    FOREIGN KEY (class_id, user_id) REFERENCES class_members (class_id, user_id) ON DELETE CASCADE
);

CREATE INDEX leaderboard_members_by_user ON leaderboard_members (user_id);
