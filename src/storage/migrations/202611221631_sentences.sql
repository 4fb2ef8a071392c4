CREATE TABLE sentences (
    id $ID PRIMARY KEY,
    text TEXT NOT NULL,
    text_vi TEXT NOT NULL,
    level VARCHAR(2) NOT NULL CHECK (level IN ('A1', 'A2', 'B1', 'B2', 'C1')),
    topic VARCHAR(50) NOT NULL,
    focus_sounds $JSON NOT NULL -- ["TH", "final_S"]
);

CREATE INDEX sentences_by_level ON sentences (level, id);
CREATE INDEX sentences_by_topic ON sentences (topic, level, id);
