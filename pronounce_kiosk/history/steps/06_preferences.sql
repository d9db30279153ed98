-- What a learner has chosen for themselves (`history.preferences`).
CREATE TABLE preferences (
    learner_id INTEGER NOT NULL REFERENCES learners (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (learner_id, name)
) STRICT, WITHOUT ROWID;
