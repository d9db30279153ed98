CREATE TABLE learners (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    nickname TEXT NOT NULL,
    animal TEXT NOT NULL,
    guest INTEGER NOT NULL CHECK (guest IN (0, 1)),
    created_at TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX learners_by_name ON learners (nickname, animal) WHERE guest = 0;

-- What was said, and what scored it, are few: kept once, named by number.
CREATE TABLE prompts (
    id INTEGER PRIMARY KEY,
    list_id TEXT NOT NULL,
    sentence_id TEXT NOT NULL,
    text TEXT NOT NULL,
    language TEXT NOT NULL,
    UNIQUE (list_id, sentence_id, text, language)
) STRICT;
CREATE TABLE scorers (
    id INTEGER PRIMARY KEY,
    bundle TEXT NOT NULL,
    bundle_sha256 TEXT NOT NULL,
    engine TEXT NOT NULL,
    voice TEXT NOT NULL,
    app_version TEXT NOT NULL,
    UNIQUE (bundle, bundle_sha256, engine, voice, app_version)
) STRICT;

CREATE TABLE attempts (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    learner_id INTEGER NOT NULL REFERENCES learners (id) ON DELETE CASCADE,
    prompt_id INTEGER NOT NULL REFERENCES prompts (id),
    scorer_id INTEGER NOT NULL REFERENCES scorers (id),
    at TEXT NOT NULL,
    clock_set INTEGER NOT NULL CHECK (clock_set IN (0, 1)),
    day TEXT NOT NULL,
    verdict TEXT NOT NULL,
    score REAL,
    accuracy REAL,
    fluency REAL,
    prosody REAL,
    take_file TEXT NOT NULL
) STRICT;
-- Each overview is answered from an index alone, so none grows slow with the table's width.
CREATE INDEX attempts_by_learner
    ON attempts (learner_id, prompt_id, score, scorer_id, at);
CREATE INDEX attempts_by_prompt ON attempts (prompt_id, learner_id, score);
CREATE INDEX attempts_by_day ON attempts (day, clock_set, score);

CREATE TABLE units (
    attempt_id INTEGER NOT NULL REFERENCES attempts (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    text TEXT NOT NULL,
    start_s REAL NOT NULL,
    end_s REAL NOT NULL,
    score REAL,
    PRIMARY KEY (attempt_id, number)
) STRICT, WITHOUT ROWID;

-- Sums of the units, written with each attempt: a class's units are ten times its attempts.
CREATE TABLE unit_sums (
    learner_id INTEGER NOT NULL REFERENCES learners (id) ON DELETE CASCADE,
    prompt_id INTEGER NOT NULL REFERENCES prompts (id),
    text TEXT NOT NULL,
    times INTEGER NOT NULL,
    missed INTEGER NOT NULL,
    points REAL NOT NULL,
    PRIMARY KEY (learner_id, prompt_id, text)
) STRICT, WITHOUT ROWID;
CREATE TABLE class_unit_sums (
    prompt_id INTEGER NOT NULL REFERENCES prompts (id) ON DELETE CASCADE,
    text TEXT NOT NULL,
    times INTEGER NOT NULL,
    missed INTEGER NOT NULL,
    points REAL NOT NULL,
    PRIMARY KEY (prompt_id, text)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER forgotten_units AFTER DELETE ON unit_sums BEGIN
    UPDATE class_unit_sums SET times = times - old.times, missed = missed - old.missed,
        points = points - old.points
    WHERE prompt_id = old.prompt_id AND text = old.text;
    DELETE FROM class_unit_sums
    WHERE prompt_id = old.prompt_id AND text = old.text AND times = 0;
END;
