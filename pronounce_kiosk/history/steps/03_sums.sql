-- Sums of the attempts too, written with each, so that no overview reads them all; and where
-- some are deleted, the class's are counted anew once instead of row by row.
DROP TRIGGER forgotten_units;
CREATE TABLE learner_sums (
    learner_id INTEGER PRIMARY KEY REFERENCES learners (id) ON DELETE CASCADE,
    attempts INTEGER NOT NULL,
    scored INTEGER NOT NULL,
    points REAL NOT NULL,
    best REAL,
    last_at TEXT NOT NULL
) STRICT;
CREATE TABLE learner_scorers (
    learner_id INTEGER NOT NULL REFERENCES learners (id) ON DELETE CASCADE,
    scorer_id INTEGER NOT NULL REFERENCES scorers (id),
    PRIMARY KEY (learner_id, scorer_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE class_prompt_sums (
    prompt_id INTEGER PRIMARY KEY REFERENCES prompts (id) ON DELETE CASCADE,
    attempts INTEGER NOT NULL,
    scored INTEGER NOT NULL,
    points REAL NOT NULL,
    best REAL,
    learners INTEGER NOT NULL
) STRICT;
CREATE TABLE class_day_sums (
    day TEXT PRIMARY KEY,
    attempts INTEGER NOT NULL,
    scored INTEGER NOT NULL,
    points REAL NOT NULL,
    clock_set INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO learner_sums
    SELECT learner_id, count(*), count(score), total(score), max(score), max(at)
    FROM attempts GROUP BY learner_id;
INSERT INTO learner_scorers
    SELECT DISTINCT learner_id, scorer_id FROM attempts WHERE score IS NOT NULL;
INSERT INTO class_prompt_sums
    SELECT prompt_id, count(*), count(score), total(score), max(score),
           count(DISTINCT learner_id)
    FROM attempts GROUP BY prompt_id;
INSERT INTO class_day_sums
    SELECT day, count(*), count(score), total(score), min(clock_set)
    FROM attempts GROUP BY day;
