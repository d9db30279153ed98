"""Keep an attempt with its units, and read attempts back, also as text for a spreadsheet."""

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

import pronounce_kiosk
from pronounce_kiosk.core.documents import json_document
from pronounce_kiosk.core.grades import Best, is_faultless
from pronounce_kiosk.core.score import (
    BundleInfo,
    PhoneScore,
    ReferenceInfo,
    Score,
    UnitScore,
    Verdict,
)
from pronounce_kiosk.history.database import stamp
from pronounce_kiosk.history.learners import Learners
from pronounce_kiosk.history.records import (
    EVERYTHING,
    Attempt,
    NewAttempt,
    Scope,
    SentenceName,
    SentencePast,
)
from pronounce_kiosk.history.schema import SUMS

LAST = 5
"""Attempts of a sentence that are shown beside the best one."""
_PAGE = 500
EXPORT_COLUMNS: tuple[str, ...] = (
    "at", "clock_set", "learner", "animal", "list", "sentence", "text", "language",
    "verdict", "score", "accuracy", "fluency", "prosody", "units",
    "bundle", "bundle_sha256", "engine", "voice", "app_version",
)  # fmt: skip

ATTEMPT = """
    SELECT a.id, a.learner_id, a.at, a.clock_set, p.list_id, p.sentence_id, p.text, p.language,
           a.verdict, a.score, a.accuracy, a.fluency, a.prosody, s.bundle, s.bundle_sha256,
           s.engine, s.voice, s.app_version, a.take_file
    FROM attempts a JOIN prompts p ON p.id = a.prompt_id JOIN scorers s ON s.id = a.scorer_id
"""


class Attempts(Learners):
    """The tables of attempts and their units, with the sums that are written with each."""

    def add(self, attempt: NewAttempt) -> int:
        """Keep an attempt and return its id. It is on the disk when this returns.

        Raises `HistoryError` also where the learner was forgotten meanwhile.
        """
        score = attempt.score
        bundle, reference = _scored_by(score)
        at = self._now()
        with self._writing() as connection:
            scorer = {
                "bundle": bundle.name,
                "bundle_sha256": bundle.sha256,
                "engine": reference.engine,
                "voice": reference.voice,
                "app_version": pronounce_kiosk.__version__,
            }
            row = {
                "learner_id": attempt.learner_id,
                "prompt_id": _number_of(connection, "prompts", asdict(attempt.sentence)),
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
            _add_to_sums(connection, attempt_id)
        return attempt_id

    def past(self, learner_id: int, sentence: SentenceName) -> SentencePast:
        """A learner's scored attempts of a sentence, as its text is now: the best, the last five.

        Of those shown as equal the newest is the best.
        """
        where = "WHERE a.learner_id = ? AND a.prompt_id = ? AND a.score IS NOT NULL"
        with self._trouble():
            prompt_id = _find(self._connection(), "prompts", asdict(sentence))
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

    def export_rows(self, scope: Scope = EVERYTHING) -> Iterator[dict[str, str]]:
        """Every attempt as text by `EXPORT_COLUMNS`, oldest first, a page at a time.

        A guest's learner is ``guest-N``; a namesake's nickname is followed by its number. units:
        ``text=score`` (or ``text=left_out``) with spaces between. The cells are as they were said:
        whoever writes CSV for Excel must escape formulas (`batch.results.write_results` does).
        """
        names = {
            one.id: (f"guest-{one.id}" if one.guest else one.numbered(one.nickname), one.animal)
            for one in self._learners("1")
        }
        query = f"{ATTEMPT} WHERE {scope.condition} AND a.id > ? ORDER BY a.id LIMIT {_PAGE}"
        after = 0
        while page := self._attempts(query, (*scope.parameters, after)):
            for attempt in page:
                cells = _cells(attempt, *names.get(attempt.learner_id, ("", "")))
                yield dict(zip(EXPORT_COLUMNS, cells, strict=True))
            after = page[-1].id

    def count(self) -> int:
        """How many attempts are kept."""
        return int(self._rows("SELECT count(*) FROM attempts")[0][0])

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


def _add_to_sums(connection: sqlite3.Connection, attempt_id: int) -> None:
    """Write the sums of learner, sentence, day and units on by one attempt."""
    scored = "attempts = attempts + 1, scored = scored + excluded.scored"
    best = "best = max(ifnull(best, excluded.best), ifnull(excluded.best, best))"
    learners = """learners = (SELECT count(DISTINCT learner_id) FROM attempts
                               WHERE prompt_id = excluded.prompt_id)"""
    units = "times = times + excluded.times, missed = missed + excluded.missed"
    for table, changes in {
        "learner_sums": f"{scored}, {best}, last_at = max(last_at, excluded.last_at)",
        "class_prompt_sums": f"{scored}, {best}, {learners}",
        "class_day_sums": f"{scored}, clock_set = min(clock_set, excluded.clock_set)",
        "unit_sums": units,
        "class_unit_sums": units,
    }.items():
        connection.execute(
            f"""INSERT INTO {table} {SUMS[table].format("a.id = ?")}
                ON CONFLICT DO UPDATE SET {changes}, points = points + excluded.points""",
            (attempt_id,),
        )


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


def _scored_by(score: Score) -> tuple[BundleInfo, ReferenceInfo]:
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


def _cells(attempt: Attempt, learner: str, animal: str) -> tuple[str, ...]:
    """The cells of an attempt, in the order of `EXPORT_COLUMNS`."""
    score, sentence = attempt.score, attempt.sentence
    bundle, reference = _scored_by(score)
    numbers = (score.score, score.accuracy, score.fluency, score.prosody)
    units = (
        f"{unit.text}={_number(unit.score) if unit.said else 'left_out'}" for unit in score.units
    )
    return (
        *(stamp(attempt.at), "yes" if attempt.clock_set else "no", learner, animal),
        *(sentence.list_id, sentence.sentence_id, sentence.text, sentence.language),
        *(score.verdict.value, *map(_number, numbers), " ".join(units)),
        *(bundle.name, bundle.sha256, reference.engine, reference.voice, attempt.app_version),
    )


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.1f}"
