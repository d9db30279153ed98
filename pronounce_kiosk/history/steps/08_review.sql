-- What a learner is to say again (`history.review`).
CREATE TABLE reviewed (
    learner_id INTEGER PRIMARY KEY REFERENCES learners (id) ON DELETE CASCADE,
    attempt_id INTEGER NOT NULL
) STRICT;
CREATE TABLE sentence_cards (
    learner_id INTEGER NOT NULL REFERENCES learners (id) ON DELETE CASCADE,
    prompt_id INTEGER NOT NULL REFERENCES prompts (id) ON DELETE CASCADE,
    missed INTEGER NOT NULL CHECK (missed IN (0, 1)),
    attempt_id INTEGER NOT NULL,
    stability REAL,
    difficulty REAL,
    due TEXT,
    last_review TEXT,
    PRIMARY KEY (learner_id, prompt_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE sound_cards (
    learner_id INTEGER NOT NULL REFERENCES learners (id) ON DELETE CASCADE,
    language TEXT NOT NULL,
    phone TEXT NOT NULL,
    times INTEGER NOT NULL,
    points REAL NOT NULL,
    missed INTEGER NOT NULL CHECK (missed IN (0, 1)),
    attempt_id INTEGER NOT NULL,
    stability REAL,
    difficulty REAL,
    due TEXT,
    last_review TEXT,
    PRIMARY KEY (learner_id, language, phone)
) STRICT, WITHOUT ROWID;
