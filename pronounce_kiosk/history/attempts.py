"""Keep an attempt with its units, and read attempts back."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import asdict
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
from pronounce_kiosk.history.database import Database, stamp
from pronounce_kiosk.history.records import (
    Attempt,
    NewAttempt,
    Scope,
    SentenceName,
    SentencePast,
)

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

    def add(self, attempt: NewAttempt) -> int:
        """Keep an attempt and return its id. It is on the disk when this returns.

        Raises `HistoryError` also where the learner was forgotten meanwhile.
        """
        score = attempt.score
        bundle, reference = scored_by(score)
        at = self._now()
        with self._writing() as connection:
            prompt_id = _number_of(connection, "prompts", asdict(attempt.sentence))
            scorer = {
                "bundle": bundle.name,
                "bundle_sha256": bundle.sha256,
                "engine": reference.engine,
                "voice": reference.voice,
                "app_version": pronounce_kiosk.__version__,
            }
            row = {
                "learner_id": attempt.learner_id,
                "prompt_id": prompt_id,
                "scorer_id": _number_of(connection, "scorers", scorer),
                "at": stamp(at),
                "clock_set": int(self._clock_is_set()),
                "day": at.astimezone().date().isoformat(),
                "verdict": score.verdict.value,
                "score": score.score,
                "accuracy": score.accuracy,
                "fluency": score.fluency,
                "prosody": score.prosody,
                "take_file": attempt.take_file,
                "faultless": int(is_faultless(score.units)),
            }
            attempt_id = int(_insert(connection, "attempts", row).lastrowid or 0)
            connection.executemany(
                "INSERT INTO units VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                [(attempt_id, number, *_unit_row(unit)) for number, unit in enumerate(score.units)],
            )
            _add_to_sums(connection, attempt.learner_id, prompt_id, score)
            _count_attempt(connection, attempt_id)
        return attempt_id

    def past(self, learner_id: int, sentence: SentenceName) -> SentencePast:
        """A learner's scored attempts of a sentence, as its text is now: the best, the last five.

        Of those shown as equal the newest is the best.
        """
        where = "WHERE a.learner_id = ? AND a.prompt_id = ? AND a.score IS NOT NULL"
        prompt_id = self._prompt_id(sentence)
        if prompt_id is None:
            return SentencePast(None, ())
        key = (learner_id, prompt_id)
        best = self._attempts(
            f"{ATTEMPT} {where} ORDER BY round(a.score) DESC, a.id DESC LIMIT 1", key
        )
        last = self._attempts(f"{ATTEMPT} {where} ORDER BY a.id DESC LIMIT {LAST}", key)
        return SentencePast(best[0] if best else None, tuple(last))

    def best_scores(self, learner_id: int) -> dict[SentenceName, Best]:
        """The best of each sentence a learner has been scored on; for cards and rows."""
        rows = self._rows(
            """SELECT p.list_id, p.sentence_id, p.text, p.language, max(a.score),
                      max(CASE WHEN a.faultless THEN a.score END)
               FROM attempts a JOIN prompts p ON p.id = a.prompt_id
               WHERE a.learner_id = ? AND a.score IS NOT NULL GROUP BY a.prompt_id""",
            (learner_id,),
        )
        return {SentenceName(*row[:4]): Best(*row[4:]) for row in rows}

    def attempts(self, learner_id: int | None = None, limit: int = 100) -> tuple[Attempt, ...]:
        """Attempts, the newest first, of one learner or all."""
        scope = Scope(learner_id=learner_id)
        query = f"{ATTEMPT} WHERE {scope.condition} ORDER BY a.id DESC LIMIT ?"
        return tuple(self._attempts(query, (*scope.parameters, limit)))

    def count(self) -> int:
        """How many attempts are kept."""
        return int(self._rows("SELECT count(*) FROM attempts")[0][0])

    def _prompt_id(self, sentence: SentenceName) -> int | None:
        with self._trouble():
            return _find(self._connection(), "prompts", asdict(sentence))

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
    return UnitScore(text, start_s, end_s, points, bool(said), phones_of(written))


def phones_of(written: str) -> tuple[PhoneScore, ...]:
    """Read the phones of a unit as its table holds them."""
    phones = json_document(written) if written else ()
    return tuple(PhoneScore(phone, float(score), *heard) for phone, score, *heard in phones)


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


def _insert(
    connection: sqlite3.Connection, table: str, row: Mapping[str, object], more: str = ""
) -> sqlite3.Cursor:
    names, marks = ", ".join(row), ", ".join("?" * len(row))
    return connection.execute(
        f"INSERT INTO {table} ({names}) VALUES ({marks}) {more}", tuple(row.values())
    )


def _find(connection: sqlite3.Connection, table: str, row: Mapping[str, object]) -> int | None:
    condition = " AND ".join(f"{name} = ?" for name in row)
    query = f"SELECT id FROM {table} WHERE {condition}"
    found = connection.execute(query, tuple(row.values())).fetchone()
    return int(found[0]) if found else None


def _number_of(connection: sqlite3.Connection, table: str, row: Mapping[str, object]) -> int:
    """The number of what is kept once; it is added where it is new."""
    _insert(connection, table, row, "ON CONFLICT DO NOTHING")
    number = _find(connection, table, row)
    assert number is not None
    return number


def scored_by(score: Score) -> tuple[BundleInfo, ReferenceInfo]:
    """The bundle and the reference of a score, with empty names where there is none."""
    return score.bundle or BundleInfo("", ""), score.reference or ReferenceInfo("", "")


def _attempt(row: Sequence[Any], units: tuple[UnitScore, ...]) -> Attempt:
    number, learner_id, at, clock_set, *name = row[:8]
    verdict, points, accuracy, fluency, prosody = row[8:13]
    bundle, sha256, engine, voice, app_version, take_file = row[13:]
    score = Score(
        *(Verdict(verdict), points, accuracy, fluency, prosody, units),
        reference=ReferenceInfo(engine, voice) if engine else None,
        bundle=BundleInfo(bundle, sha256) if bundle else None,
    )
    return Attempt(
        int(number),
        int(learner_id),
        datetime.fromisoformat(at),
        bool(clock_set),
        SentenceName(*name),
        score,
        app_version,
        take_file,
    )
