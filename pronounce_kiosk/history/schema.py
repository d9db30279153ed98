"""The tables, as steps: `PRAGMA user_version` says how many of them a file has had.

A step is never changed once it has landed; a change of the tables is another step.
"""

from __future__ import annotations

import sqlite3

from pronounce_kiosk.core.errors import HistoryError
from pronounce_kiosk.history.preferences import PREFERENCE_TABLE
from pronounce_kiosk.history.review_tables import REVIEW_TABLES

GROUP_TABLES = """
    CREATE TABLE class_groups (
        learner_id INTEGER PRIMARY KEY REFERENCES learners (id) ON DELETE CASCADE,
        name TEXT NOT NULL
    ) STRICT;
"""
"""The group a teacher put a learner into (`history.groups`)."""

STEPS: tuple[str, ...] = (
    """
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
    """,
    # The oldest kept takes are looked for at every take once their room is used up.
    "CREATE INDEX attempts_with_take ON attempts (id, take_file) WHERE take_file != '';",
    # Sums of the attempts too, written with each, so that no overview reads them all; and where
    # some are deleted, the class's are counted anew once instead of row by row.
    """
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
    """,
    # Units that were left out, and their phones (JSON: phone, points, heard where that is known);
    # whether an attempt may earn a third star (`core.grades`), in the index that tells the best.
    """
    ALTER TABLE units ADD COLUMN said INTEGER NOT NULL DEFAULT 1 CHECK (said IN (0, 1));
    ALTER TABLE units ADD COLUMN phones TEXT NOT NULL DEFAULT '';
    ALTER TABLE attempts ADD COLUMN faultless INTEGER NOT NULL DEFAULT 1
        CHECK (faultless IN (0, 1));
    UPDATE attempts SET faultless = 0
        WHERE id IN (SELECT attempt_id FROM units WHERE score < 59.5);
    DROP INDEX attempts_by_learner;
    CREATE INDEX attempts_by_learner
        ON attempts (learner_id, prompt_id, score, scorer_id, at, faultless);
    """,
    # Two children may choose the same nickname, or none, and the same animal.
    """
    ALTER TABLE learners ADD COLUMN number INTEGER NOT NULL DEFAULT 1;
    DROP INDEX learners_by_name;
    CREATE UNIQUE INDEX learners_by_name ON learners (nickname, animal, number) WHERE guest = 0;
    """,
    PREFERENCE_TABLE,
    GROUP_TABLES,
    REVIEW_TABLES,
)

RECOUNT = """
    DELETE FROM class_prompt_sums;
    DELETE FROM class_day_sums;
    DELETE FROM class_unit_sums;
    INSERT INTO class_prompt_sums
        SELECT prompt_id, count(*), count(score), total(score), max(score),
               count(DISTINCT learner_id)
        FROM attempts GROUP BY prompt_id;
    INSERT INTO class_day_sums
        SELECT day, count(*), count(score), total(score), min(clock_set)
        FROM attempts GROUP BY day;
    INSERT INTO class_unit_sums
        SELECT prompt_id, text, sum(times), sum(missed), total(points)
        FROM unit_sums GROUP BY prompt_id, text;
"""
"""The class's sums, from what is left."""


def migrate(connection: sqlite3.Connection) -> None:
    """Bring the file to this version's tables, each step whole or not at all.

    Raises `HistoryError` for a file that a later version of the program has written.
    """
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    if version > len(STEPS):
        raise HistoryError(
            "The attempts were kept by a later version of this program: install that one.",
            version=version,
        )
    for number in range(version, len(STEPS)):
        connection.executescript(
            f"BEGIN IMMEDIATE; {STEPS[number]} PRAGMA user_version = {number + 1}; COMMIT;"
        )
