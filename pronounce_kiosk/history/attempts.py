"""Keep an attempt with its units, and read attempts back."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import pronounce_kiosk
from pronounce_kiosk.core.documents import json_document
from pronounce_kiosk.core.grades import Best, grade_unit, is_faultless
from pronounce_kiosk.core.score import (
    BundleInfo,
    PhoneScore,
    ReferenceInfo,
    Score,
    UnitScore,
    Verdict,
)
from pronounce_kiosk.history.database import Database, converts_errors, stamp
from pronounce_kiosk.history.records import Attempt, NewAttempt, SentenceName, SentencePast

LAST = 5
"""Attempts of a sentence that are shown beside the best one."""

ATTEMPT = """
    SELECT a.id, a.learner_id, a.at, a.clock_set, p.list_id, p.sentence_id, p.text, p.language,
           a.verdict, a.score, a.accuracy, a.fluency, a.prosody, s.bundle, s.bundle_sha256,
           s.engine, s.voice, s.app_version, a.take_file
    FROM attempts a JOIN prompts p ON p.id = a.prompt_id JOIN scorers s ON s.id = a.scorer_id
"""


class Attempts(Database):
    """The tables of attempts and their units, with the sums that are written with each."""

    def add(self, attempt: NewAttempt) -> Attempt:
        """Keep an attempt. It is on the disk when this returns.

        Raises `HistoryError` also where the learner was forgotten meanwhile.
        """
        score = attempt.score
        at, is_set = self._now(), self._clock_is_set()
        with self._writing() as connection:
            prompt_id = _number_of(
                connection,
                "prompts",
                ("list_id", "sentence_id", "text", "language"),
                (attempt.list_id, attempt.sentence_id, attempt.text, attempt.language),
            )
            bundle = score.bundle or BundleInfo("", "")
            reference = score.reference or ReferenceInfo("", "")
            version = pronounce_kiosk.__version__
            scorer_id = _number_of(
                connection,
                "scorers",
                ("bundle", "bundle_sha256", "engine", "voice", "app_version"),
                (bundle.name, bundle.sha256, reference.engine, reference.voice, version),
            )
            cursor = connection.execute(
                """INSERT INTO attempts (learner_id, prompt_id, scorer_id, at, clock_set, day,
                   verdict, score, accuracy, fluency, prosody, take_file, faultless)
                   VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
                (
                    attempt.learner_id,
                    prompt_id,
                    scorer_id,
                    stamp(at),
                    int(is_set),
                    at.astimezone().date().isoformat(),
                    score.verdict.value,
                    score.score,
                    score.accuracy,
                    score.fluency,
                    score.prosody,
                    attempt.take_file,
                    int(is_faultless(score.units)),
                ),
            )
            attempt_id = int(cursor.lastrowid or 0)
            connection.executemany(
                "INSERT INTO units VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                [(attempt_id, number, *_unit_row(unit)) for number, unit in enumerate(score.units)],
            )
            _add_to_sums(connection, attempt.learner_id, prompt_id, score)
            _count_attempt(connection, attempt_id)
        return Attempt(
            id=attempt_id,
            learner_id=attempt.learner_id,
            at=at,
            clock_set=is_set,
            list_id=attempt.list_id,
            sentence_id=attempt.sentence_id,
            text=attempt.text,
            language=attempt.language,
            score=score,
            app_version=version,
            take_file=attempt.take_file,
        )

    def past(self, learner_id: int, sentence: SentenceName) -> SentencePast:
        """A learner's scored attempts of a sentence, as its text is now: the best, the last five.

        Of those shown as equal the newest is the best.
        """
        where = "WHERE a.learner_id = ? AND a.prompt_id = ? AND a.score IS NOT NULL"
        prompt_id = self._prompt_id(sentence)
        if prompt_id is None:
            return SentencePast(None, (), 0)
        key = (learner_id, prompt_id)
        count = self._rows(f"SELECT count(*) FROM attempts a {where}", key)[0][0]
        best = self._attempts(
            f"{ATTEMPT} {where} ORDER BY round(a.score) DESC, a.id DESC LIMIT 1", key
        )
        last = self._attempts(f"{ATTEMPT} {where} ORDER BY a.id DESC LIMIT {LAST}", key)
        return SentencePast(best[0] if best else None, tuple(last), int(count))

    @converts_errors
    def best_scores(self, learner_id: int, list_id: str | None = None) -> dict[SentenceName, Best]:
        """The best of each sentence a learner has been scored on; for cards and rows."""
        rows = self._rows(
            """SELECT p.list_id, p.sentence_id, p.text, p.language, max(a.score),
                      max(CASE WHEN a.faultless THEN a.score END)
               FROM attempts a JOIN prompts p ON p.id = a.prompt_id
               WHERE a.learner_id = ? AND a.score IS NOT NULL AND (? IS NULL OR p.list_id = ?)
               GROUP BY a.prompt_id""",
            (learner_id, list_id, list_id),
        )
        return {SentenceName(*row[:4]): Best(*row[4:]) for row in rows}

    def attempts(
        self, learner_id: int | None = None, limit: int = 100, before_id: int | None = None
    ) -> tuple[Attempt, ...]:
        """Attempts, the newest first, of one learner or all; before_id: the page after that one."""
        condition = where(learner_id) or "WHERE 1"
        return tuple(
            self._attempts(
                f"{ATTEMPT} {condition} AND (? IS NULL OR a.id < ?) ORDER BY a.id DESC LIMIT ?",
                (*parameters_of(learner_id), before_id, before_id, limit),
            )
        )

    def count(self) -> int:
        """How many attempts are kept."""
        return int(self._rows("SELECT count(*) FROM attempts")[0][0])

    def _prompt_id(self, sentence: SentenceName) -> int | None:
        rows = self._rows(
            """SELECT id FROM prompts
               WHERE list_id = ? AND sentence_id = ? AND text = ? AND language = ?""",
            (sentence.list_id, sentence.sentence_id, sentence.text, sentence.language),
        )
        return int(rows[0][0]) if rows else None

    def _attempts(self, query: str, parameters: Sequence[object]) -> list[Attempt]:
        rows = self._rows(query, parameters)
        units: dict[int, list[UnitScore]] = {int(row[0]): [] for row in rows}
        marks = ",".join("?" * len(units))
        said = self._rows(
            f"""SELECT attempt_id, text, start_s, end_s, score, said, phones FROM units
                WHERE attempt_id IN ({marks}) ORDER BY attempt_id, number""",
            tuple(units),
        )
        with self._trouble():
            for attempt_id, *unit in said:
                units[attempt_id].append(_unit(unit))
            return [_attempt(row, tuple(units[int(row[0])])) for row in rows]


def _unit_row(unit: UnitScore) -> tuple[object, ...]:
    """Pack a unit for its table, phones with whole points: most of a file is units."""
    phones = [
        [one.phone, round(one.score), *(() if one.heard is None else (one.heard,))]
        for one in unit.phones
    ]
    written = json.dumps(phones, ensure_ascii=False, separators=(",", ":")) if phones else ""
    return unit.text, unit.start_s, unit.end_s, unit.score, int(unit.said), written


def _unit(row: Sequence[Any]) -> UnitScore:
    """Unpack what `_unit_row` packed."""
    text, start_s, end_s, points, said, written = row
    phones = json_document(written) if written else ()
    return UnitScore(
        text,
        start_s,
        end_s,
        points,
        bool(said),
        tuple(PhoneScore(phone, float(score), *heard) for phone, score, *heard in phones),
    )


def _add_to_sums(
    connection: sqlite3.Connection, learner_id: int, prompt_id: int, score: Score
) -> None:
    if score.verdict is not Verdict.SCORED:
        return
    sums = [
        (prompt_id, unit.text, int(grade_unit(unit) in ("poor", "left_out")), points)
        for unit in score.units
        if (points := unit.score if unit.said else 0.0) is not None
    ]
    more = """ON CONFLICT DO UPDATE SET times = times + 1, missed = missed + excluded.missed,
              points = points + excluded.points"""
    connection.executemany(
        f"INSERT INTO unit_sums VALUES ({learner_id:d}, ?, ?, 1, ?, ?) {more}", sums
    )
    connection.executemany(f"INSERT INTO class_unit_sums VALUES (?, ?, 1, ?, ?) {more}", sums)


def _count_attempt(connection: sqlite3.Connection, attempt_id: int) -> None:
    """Write the sums of learner, sentence and day on by one attempt."""
    more = "attempts = attempts + 1, scored = scored + excluded.scored, "
    more += "points = points + excluded.points"
    best = "best = max(ifnull(best, excluded.best), ifnull(excluded.best, best))"
    this = "FROM attempts a WHERE a.id = ?"
    numbers = "1, a.score IS NOT NULL, ifnull(a.score, 0.0)"
    for statement in (
        f"""INSERT INTO learner_sums SELECT a.learner_id, {numbers}, a.score, a.at {this}
            ON CONFLICT DO UPDATE SET {more}, {best}, last_at = max(last_at, excluded.last_at)""",
        f"""INSERT INTO class_prompt_sums SELECT a.prompt_id, {numbers}, a.score, NOT EXISTS (
                SELECT 1 FROM attempts b WHERE b.learner_id = a.learner_id
                AND b.prompt_id = a.prompt_id AND b.id != a.id) {this}
            ON CONFLICT DO UPDATE SET {more}, {best}, learners = learners + excluded.learners""",
        f"""INSERT INTO class_day_sums SELECT a.day, {numbers}, a.clock_set {this}
            ON CONFLICT DO UPDATE SET {more}, clock_set = min(clock_set, excluded.clock_set)""",
        f"""INSERT OR IGNORE INTO learner_scorers
            SELECT a.learner_id, a.scorer_id {this} AND a.score IS NOT NULL""",
    ):
        connection.execute(statement, (attempt_id,))


def _number_of(
    connection: sqlite3.Connection, table: str, columns: Sequence[str], values: Sequence[str]
) -> int:
    """The number of what is kept once; it is added where it is new."""
    names, marks = ", ".join(columns), ", ".join("?" * len(columns))
    connection.execute(
        f"INSERT INTO {table} ({names}) VALUES ({marks}) ON CONFLICT DO NOTHING", values
    )
    condition = " AND ".join(f"{name} = ?" for name in columns)
    row = connection.execute(f"SELECT id FROM {table} WHERE {condition}", values).fetchone()
    return int(row[0])


def where(learner_id: int | None) -> str:
    """Write the condition for one learner's attempts; none for everybody's."""
    return "" if learner_id is None else "WHERE a.learner_id = ?"


def parameters_of(learner_id: int | None) -> tuple[int, ...]:
    """Give the parameters of `where`."""
    return () if learner_id is None else (learner_id,)


def _attempt(row: Any, units: tuple[UnitScore, ...]) -> Attempt:
    score = Score(
        verdict=Verdict(row[8]),
        score=row[9],
        accuracy=row[10],
        fluency=row[11],
        prosody=row[12],
        units=units,
        reference=ReferenceInfo(row[15], row[16]) if row[15] else None,
        bundle=BundleInfo(row[13], row[14]) if row[13] else None,
    )
    return Attempt(
        id=int(row[0]),
        learner_id=int(row[1]),
        at=datetime.fromisoformat(row[2]),
        clock_set=bool(row[3]),
        list_id=row[4],
        sentence_id=row[5],
        text=row[6],
        language=row[7],
        score=score,
        app_version=row[17],
        take_file=row[18],
    )
