-- The group a teacher put a learner into.
CREATE TABLE class_groups (
    learner_id INTEGER PRIMARY KEY REFERENCES learners (id) ON DELETE CASCADE,
    name TEXT NOT NULL
) STRICT;
