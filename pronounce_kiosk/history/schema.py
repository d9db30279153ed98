"""The tables, made by the files in steps/: `PRAGMA user_version` says how many a database has had.

A step is never changed once it has landed; a change of the tables is another step.
"""

import sqlite3
from pathlib import Path

from pronounce_kiosk.core.errors import HistoryError
from pronounce_kiosk.core.grades import RED_BELOW

POINTS = "CASE WHEN u.said THEN u.score ELSE 0.0 END"
"""A unit's points in a query: none were earned by one that was left out."""
_SUM = "count(*) AS attempts, count(a.score) AS scored, total(a.score) AS points"
_UNIT_SUM = f"""a.prompt_id, u.text, count(*) AS times, sum({POINTS} < {RED_BELOW}) AS missed,
               sum({POINTS}) AS points
        FROM attempts a JOIN units u ON u.attempt_id = a.id
        WHERE {{}} AND a.verdict = 'scored' AND {POINTS} IS NOT NULL"""
SUMS: dict[str, str] = {
    "learner_sums": f"""
        SELECT a.learner_id, {_SUM}, max(a.score) AS best, max(a.at) AS last_at
        FROM attempts a WHERE {{}} GROUP BY +a.learner_id""",
    "class_prompt_sums": f"""
        SELECT a.prompt_id, {_SUM}, max(a.score) AS best, count(DISTINCT a.learner_id) AS learners
        FROM attempts a WHERE {{}} GROUP BY +a.prompt_id""",
    "class_day_sums": f"""
        SELECT a.day, {_SUM}, min(a.clock_set) AS clock_set
        FROM attempts a WHERE {{}} GROUP BY a.day""",
    "unit_sums": f"SELECT a.learner_id, {_UNIT_SUM} GROUP BY +a.learner_id, +a.prompt_id, u.text",
    "class_unit_sums": f"SELECT {_UNIT_SUM} GROUP BY +a.prompt_id, u.text",
}
"""How each table of sums is counted from the attempts that a condition chooses.

The plus signs leave the choice of an index to the condition."""

STEPS = tuple(path.read_text("utf-8") for path in sorted(Path(__file__).parent.glob("steps/*.sql")))

RECOUNT = f"""
    DELETE FROM class_prompt_sums;
    DELETE FROM class_day_sums;
    DELETE FROM class_unit_sums;
    INSERT INTO class_prompt_sums {SUMS["class_prompt_sums"].format(1)};
    INSERT INTO class_day_sums {SUMS["class_day_sums"].format(1)};
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
