"""`HistoryStore`: every attempt, in one SQLite file.

An attempt is committed, and flushed to the disk, before its score is shown; so it survives the
power cut that ends a lesson. One store belongs to one thread (the kiosk's history worker, or a
command); several stores, in several processes too, may have the same file open.

Numbers are answered from indices and from sums written with each attempt, so a question takes
about as long after 100,000 attempts as after the first.
"""

from __future__ import annotations

import functools
import json
import logging
import os
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Concatenate, ParamSpec, TypeVar

import pronounce_kiosk
from pronounce_kiosk.core.documents import json_document
from pronounce_kiosk.core.errors import HistoryError, UsageError
from pronounce_kiosk.core.grades import Best, grade, grade_unit, is_faultless
from pronounce_kiosk.core.score import (
    BundleInfo,
    PhoneScore,
    ReferenceInfo,
    Score,
    UnitScore,
    Verdict,
)
from pronounce_kiosk.history.clock import clock_is_set, now
from pronounce_kiosk.history.records import (
    Attempt,
    DayRow,
    Learner,
    LearnerRow,
    ListSummary,
    MissedUnit,
    NewAttempt,
    SentenceName,
    SentencePast,
    SentenceRow,
    WeakUnit,
    clean_nickname,
)
from pronounce_kiosk.history.review import ReviewCards
from pronounce_kiosk.history.schema import RECOUNT, migrate

log = logging.getLogger(__name__)

FILE_NAME = "history.sqlite3"
TAKES_FOLDER = "takes"
LAST = 5
"""Attempts of a sentence that are shown beside the best one."""
WEAK_UNITS = 3
BUSY_S = 5.0
"""How long a call waits for another process that writes."""
_NONSENSE = (ValueError, TypeError, KeyError, ArithmeticError)
"""What a damaged page is, where SQLite does not notice: a verdict or a time that is none, text that
is no UTF-8 (in SQLite's own words about it, too)."""
_POINTS = "CASE WHEN u.said THEN u.score ELSE 0.0 END"
"""A unit's points in a query: none were earned by one that was left out."""
_SENTENCES_OF_A_UNIT = 3
_AT_ONCE = 2000
_TABLES = (
    "units",
    "unit_sums",
    "class_unit_sums",
    "class_prompt_sums",
    "class_day_sums",
    "learner_sums",
    "learner_scorers",
    "reviewed",
    "sentence_cards",
    "sound_cards",
    "attempts",
    "learners",
    "prompts",
    "scorers",
)

_ATTEMPT = """
    SELECT a.id, a.learner_id, a.at, a.clock_set, p.list_id, p.sentence_id, p.text, p.language,
           a.verdict, a.score, a.accuracy, a.fluency, a.prosody, s.bundle, s.bundle_sha256,
           s.engine, s.voice, s.app_version, a.take_file
    FROM attempts a JOIN prompts p ON p.id = a.prompt_id JOIN scorers s ON s.id = a.scorer_id
"""

EXPORT_COLUMNS: tuple[str, ...] = (
    "at",
    "clock_set",
    "learner",
    "animal",
    "list",
    "sentence",
    "text",
    "language",
    "verdict",
    "score",
    "accuracy",
    "fluency",
    "prosody",
    "units",
    "bundle",
    "bundle_sha256",
    "engine",
    "voice",
    "app_version",
)


_Words = ParamSpec("_Words")
_Answer = TypeVar("_Answer")


def _plainly(
    ask: Callable[Concatenate[HistoryStore, _Words], _Answer],
) -> Callable[Concatenate[HistoryStore, _Words], _Answer]:
    """What is wrong with the rows themselves is told as what is wrong with the file is."""

    @functools.wraps(ask)
    def asked(self: HistoryStore, /, *args: _Words.args, **kwargs: _Words.kwargs) -> _Answer:
        with self._trouble():
            return ask(self, *args, **kwargs)

    return asked


class HistoryStore:
    """Opens the file at its first use, and makes it where there is none.

    folder: where the file and the kept takes lie; made where it is missing. busy_s: how long a call
    waits for another process that writes.
    Every method raises `HistoryError` where the disk is full, read-only or damaged; a full disk
    still reads. A damaged file is set aside once (``history.sqlite3.damaged-1``) and a new one
    begun, so that the lesson goes on.
    """

    def __init__(
        self,
        folder: Path,
        now: Callable[[], datetime] = now,
        clock_is_set: Callable[[], bool] = clock_is_set,
        busy_s: float = BUSY_S,
    ) -> None:
        self.path = folder / FILE_NAME
        self.takes_dir = folder / TAKES_FOLDER
        self._now = now
        self._clock_is_set = clock_is_set
        self._busy_s = busy_s
        self._open: sqlite3.Connection | None = None
        self._in_doubt = False
        self._takes_bytes: int | None = None

    def __enter__(self) -> HistoryStore:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file. The next use opens it again."""
        if self._open is not None:
            self._open.close()
            self._open = None

    # ---- learners ----

    @_plainly
    def learners(self) -> tuple[Learner, ...]:
        """Those with a nickname, the one who practised last first."""
        rows = self._rows(
            """SELECT id, nickname, animal, guest, number FROM learners l WHERE guest = 0 ORDER BY
               (SELECT max(a.id) FROM attempts a WHERE a.learner_id = l.id) DESC NULLS LAST,
               id DESC"""
        )
        return tuple(_learner(row) for row in rows)

    @_plainly
    def learner(self, learner_id: int) -> Learner | None:
        """The learner of that number, a guest too; None where there is none (any more)."""
        rows = self._rows(
            "SELECT id, nickname, animal, guest, number FROM learners WHERE id = ?", (learner_id,)
        )
        return _learner(rows[0]) if rows else None

    def add_learner(self, nickname: str, animal: str) -> Learner:
        """Add a learner; a namesake (same nickname and animal) gets the next number.

        The nickname is trimmed, control characters and what exceeds `NICKNAME_LENGTH` are left
        out. Raises `UsageError` where nothing is left of it and there is no animal either.
        """
        nickname = clean_nickname(nickname)
        if not nickname and not animal:
            raise UsageError("A learner needs a nickname or an animal: choose one.")
        with self._writing() as connection:
            (number,) = connection.execute(
                """SELECT ifnull(max(number), 0) + 1 FROM learners
                   WHERE nickname = ? AND animal = ? AND guest = 0""",
                (nickname, animal),
            ).fetchone()
            cursor = connection.execute(
                """INSERT INTO learners (nickname, animal, guest, created_at, number)
                   VALUES (?, ?, 0, ?, ?)""",
                (nickname, animal, _stamp(self._now()), number),
            )
        return Learner(int(cursor.lastrowid or 0), nickname, animal, number=int(number))

    def add_guest(self) -> Learner:
        """A learner nobody knows, for one visit."""
        with self._writing() as connection:
            cursor = connection.execute(
                "INSERT INTO learners (nickname, animal, guest, created_at) VALUES ('', '', 1, ?)",
                (_stamp(self._now()),),
            )
        return Learner(int(cursor.lastrowid or 0), "", "", guest=True)

    # ---- attempts ----

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
                    _stamp(at),
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
            f"{_ATTEMPT} {where} ORDER BY round(a.score) DESC, a.id DESC LIMIT 1", key
        )
        last = self._attempts(f"{_ATTEMPT} {where} ORDER BY a.id DESC LIMIT {LAST}", key)
        return SentencePast(best[0] if best else None, tuple(last), int(count))

    @_plainly
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

    @_plainly
    def list_summary(
        self, learner_id: int, list_id: str, weak_units: int = WEAK_UNITS
    ) -> ListSummary:
        """How a learner stands in a list, with the units to practise and where they are."""
        bests = self._rows(
            """SELECT count(*), max(a.score) FROM attempts a JOIN prompts p ON p.id = a.prompt_id
               WHERE a.learner_id = ? AND p.list_id = ? AND a.score IS NOT NULL
               GROUP BY a.prompt_id""",
            (learner_id, list_id),
        )
        scores = [float(row[1]) for row in bests]
        return ListSummary(
            scored=sum(int(row[0]) for row in bests),
            sentences=len(scores),
            mean_best=sum(scores) / len(scores) if scores else None,
            weak=self._weak_units(learner_id, list_id, weak_units),
        )

    def _weak_units(self, learner_id: int, list_id: str, limit: int) -> tuple[WeakUnit, ...]:
        rows = self._rows(
            f"""SELECT u.text, avg({_POINTS}), p.list_id, p.sentence_id, p.text, p.language
               FROM (SELECT max(a.id) AS id, a.prompt_id FROM attempts a
                     JOIN prompts p ON p.id = a.prompt_id
                     WHERE a.learner_id = ? AND p.list_id = ? AND a.score IS NOT NULL
                     GROUP BY a.prompt_id) newest
               JOIN prompts p ON p.id = newest.prompt_id
               JOIN units u ON u.attempt_id = newest.id
               WHERE {_POINTS} IS NOT NULL
               GROUP BY u.text, newest.prompt_id ORDER BY avg({_POINTS})""",
            (learner_id, list_id),
        )
        scores: dict[str, list[float]] = {}
        sentences: dict[str, list[SentenceName]] = {}
        for text, mean, *name in rows:
            scores.setdefault(text, []).append(float(mean))
            sentences.setdefault(text, []).append(SentenceName(*name))
        weak = [
            WeakUnit(text, sum(means) / len(means), tuple(sentences[text]))
            for text, means in scores.items()
        ]
        weak = [unit for unit in weak if grade(unit.mean) != "good"]
        return tuple(sorted(weak, key=lambda unit: unit.mean)[:limit])

    @property
    def review(self) -> ReviewCards:
        """The learners' cards of what to say again."""
        return ReviewCards(
            self._rows, self._writing, lambda: self._now() if self._clock_is_set() else None
        )

    def scored_after(self, learner_id: int, attempt_id: int, limit: int) -> list[Attempt]:
        """A learner's scored attempts after one, oldest first."""
        return self._attempts(
            f"""{_ATTEMPT} WHERE a.learner_id = ? AND a.id > ? AND a.score IS NOT NULL
                ORDER BY a.id LIMIT ?""",
            (learner_id, attempt_id, limit),
        )

    # ---- the class, for the teacher ----

    @_plainly
    def learners_overview(self) -> tuple[LearnerRow, ...]:
        """Everybody, those without an attempt too, by nickname; all guests together come last."""
        rows = self._rows(
            """SELECT s.learner_id, s.attempts, s.scored, s.points, s.best, s.last_at,
                      (SELECT group_concat(scorer_id) FROM learner_scorers c
                       WHERE c.learner_id = s.learner_id)
               FROM learner_sums s JOIN learners l ON l.id = s.learner_id WHERE l.guest = 0
               UNION ALL
               SELECT NULL, sum(s.attempts), sum(s.scored), total(s.points), max(s.best),
                      max(s.last_at),
                      (SELECT group_concat(DISTINCT scorer_id) FROM learner_scorers c
                       JOIN learners l ON l.id = c.learner_id WHERE l.guest = 1)
               FROM learner_sums s JOIN learners l ON l.id = s.learner_id WHERE l.guest = 1"""
        )
        scales = {
            str(number): scale
            for number, *scale in self._rows(
                "SELECT id, bundle, bundle_sha256, engine, voice FROM scorers"
            )
        }
        named = {learner.id: learner for learner in self.learners()}
        found = {int(row[0]): row for row in rows if row[0] is not None}
        result = [
            _learner_row(learner, [found[learner.id]] if learner.id in found else [], scales)
            for learner in sorted(
                named.values(), key=lambda one: (one.nickname, one.animal, one.number)
            )
        ]
        guests = [row for row in rows if row[0] is None and row[1]]
        if guests:
            result.append(_learner_row(None, guests, scales))
        return tuple(result)

    @_plainly
    def sentences_overview(
        self, learner_id: int | None = None, list_id: str | None = None
    ) -> tuple[SentenceRow, ...]:
        """Every sentence that was tried, of one learner or one list where given; weakest first."""
        sums = """SELECT prompt_id, attempts, scored, points / nullif(scored, 0) AS mean, best,
                         learners FROM class_prompt_sums"""
        if learner_id is not None:
            sums = """SELECT a.prompt_id, count(*) AS attempts, count(a.score) AS scored,
                             avg(a.score) AS mean, max(a.score) AS best, 1 AS learners
                      FROM attempts a WHERE a.learner_id = ? GROUP BY a.prompt_id"""
        rows = self._rows(
            f"""SELECT p.list_id, p.sentence_id, p.text, p.language, n.attempts, n.scored, n.mean,
                       n.best, n.learners
                FROM ({sums}) n
                JOIN prompts p ON p.id = n.prompt_id
                WHERE ? IS NULL OR p.list_id = ?
                ORDER BY n.mean NULLS LAST, p.id""",
            (*_parameters(learner_id), list_id, list_id),
        )
        return tuple(SentenceRow(SentenceName(*row[:4]), *row[4:]) for row in rows)

    @_plainly
    def missed_units(
        self, learner_id: int | None = None, list_id: str | None = None, limit: int = 20
    ) -> tuple[MissedUnit, ...]:
        """Which units are missed most (times first, then share), of the class or one learner."""
        rows = self._rows(
            f"""SELECT a.text, p.language, p.list_id, p.sentence_id, p.text, a.times, a.missed,
                       a.points
                FROM {"class_unit_sums" if learner_id is None else "unit_sums"} a
                JOIN prompts p ON p.id = a.prompt_id
                {_where(learner_id) or "WHERE 1"} AND (? IS NULL OR p.list_id = ?)
                ORDER BY a.missed DESC""",
            (*_parameters(learner_id), list_id, list_id),
        )
        sums: dict[tuple[str, str], list[float]] = {}
        sentences: dict[tuple[str, str], list[SentenceName]] = {}
        for unit, language, in_list, sentence_id, text, times, missed, points in rows:
            total = sums.setdefault((unit, language), [0, 0, 0.0])
            for place, value in enumerate((times, missed, points)):
                total[place] += value
            held = sentences.setdefault((unit, language), [])
            if missed and len(held) < _SENTENCES_OF_A_UNIT:
                held.append(SentenceName(in_list, sentence_id, text, language))
        units = [
            MissedUnit(text, language, int(times), int(missed), points / times, tuple(held))
            for (text, language), (times, missed, points) in sums.items()
            if missed
            for held in (sentences[text, language],)
        ]
        return tuple(sorted(units, key=lambda unit: (-unit.missed, -unit.share))[:limit])

    @_plainly
    def days(self, learner_id: int | None = None) -> tuple[DayRow, ...]:
        """Attempts and mean score of each day with any, oldest first; the chart over time."""
        if learner_id is None:
            rows = self._rows(
                """SELECT day, attempts, scored, points / nullif(scored, 0), clock_set
                   FROM class_day_sums ORDER BY day"""
            )
        else:
            rows = self._rows(
                """SELECT day, count(*), count(score), avg(score), min(clock_set)
                   FROM attempts WHERE learner_id = ? GROUP BY day ORDER BY day""",
                (learner_id,),
            )
        return tuple(DayRow(day, n, scored, mean, bool(s)) for day, n, scored, mean, s in rows)

    def attempts(
        self, learner_id: int | None = None, limit: int = 100, before_id: int | None = None
    ) -> tuple[Attempt, ...]:
        """Attempts, the newest first, of one learner or all; before_id: the page after that one."""
        condition = _where(learner_id) or "WHERE 1"
        return tuple(
            self._attempts(
                f"{_ATTEMPT} {condition} AND (? IS NULL OR a.id < ?) ORDER BY a.id DESC LIMIT ?",
                (*_parameters(learner_id), before_id, before_id, limit),
            )
        )

    def count(self) -> int:
        """How many attempts are kept."""
        return int(self._rows("SELECT count(*) FROM attempts")[0][0])

    def export_rows(self, learner_id: int | None = None) -> Iterator[dict[str, str]]:
        """Every attempt as text by `EXPORT_COLUMNS`, oldest first, a page at a time.

        A guest's learner is ``guest-N``; a namesake's nickname is followed by its number. units:
        ``text=score`` (or ``text=left_out``) with spaces
        between. The cells are as they were said: whoever writes CSV for Excel must escape formulas
        (`session.results_file.write_results` does).
        """
        everybody = self._rows("SELECT id, nickname, animal, guest, number FROM learners")
        names = {
            one.id: (f"guest-{one.id}" if one.guest else one.numbered(one.nickname), one.animal)
            for one in map(_learner, everybody)
        }
        condition = _where(learner_id) or "WHERE 1"
        after = 0
        while True:
            page = self._attempts(
                f"{_ATTEMPT} {condition} AND a.id > ? ORDER BY a.id LIMIT 500",
                (*_parameters(learner_id), after),
            )
            if not page:
                return
            for attempt in page:
                name, animal = names.get(attempt.learner_id, ("", ""))
                yield _export_row(attempt, name, animal)
            after = page[-1].id

    # ---- forgetting ----

    def forget_learner(self, learner_id: int) -> int:
        """Delete one learner with every attempt and kept take; the number of attempts deleted.

        Deleted is overwritten: neither the file nor its log holds it any more.
        """
        return self._forget("id = ?", (learner_id,))

    def forget_guests(self) -> int:
        """The same for all guests."""
        return self._forget("guest = 1", ())

    def forget_all(self) -> int:
        """The same for everybody; takes that no attempt names and damaged files go as well."""
        with self._writing() as connection:
            for file in (*self.takes_dir.glob("*"), *damaged_files(self.path.parent)):
                file.unlink(missing_ok=True)
            deleted = int(connection.execute("SELECT count(*) FROM attempts").fetchone()[0])
            # Those that others point to come last: an empty table has no rows to follow.
            for table in _TABLES:
                connection.execute(f"DELETE FROM {table}")
        self._takes_bytes = None
        self._empty_log()
        return deleted

    def delete_stray_takes(self) -> int:
        """Delete takes that no attempt names, and parts of takes; how many.

        The power was cut while one was kept. Not while another program keeps takes.
        """
        kept = self._rows("SELECT take_file FROM attempts WHERE take_file != ''")
        named = {str(name) for (name,) in kept}
        with self._trouble():
            strays = [file for file in self.takes_dir.glob("*") if file.name not in named]
            for file in strays:
                file.unlink(missing_ok=True)
        self._takes_bytes = None
        return len(strays)

    def take_path(self, attempt: Attempt) -> Path | None:
        """The kept audio of an attempt, None where there is none."""
        if not attempt.take_file:
            return None
        path = self.takes_dir / Path(attempt.take_file).name
        return path if path.is_file() else None

    def takes_bytes(self) -> int:
        """How much room the kept takes have taken; 0 where there are none."""
        with self._trouble():
            return sum(size for _, size in _takes(self.takes_dir))

    def bound_takes(self, limit_bytes: int, newest: str = "") -> int:
        """Delete kept takes, the oldest first, until they take no more than that; how many.

        The attempts stay, without their audio. newest: the file kept just now, so that most calls
        look at no other. Files that no attempt names (the power was cut in between) go first.
        """
        with self._trouble():
            if self._takes_bytes is not None and newest:
                self._takes_bytes += _size(self.takes_dir / newest)
            if self._takes_bytes is not None and self._takes_bytes <= limit_bytes:
                return 0
            sizes = dict(_takes(self.takes_dir))
            self._takes_bytes = sum(sizes.values())
        if self._takes_bytes <= limit_bytes:
            return 0
        kept = self._rows("SELECT id, take_file FROM attempts WHERE take_file != '' ORDER BY id")
        named = {str(name) for _, name in kept}
        goes: list[tuple[int | None, str]] = [(None, name) for name in sizes if name not in named]
        goes += [(int(number), str(name)) for number, name in kept if name != newest]
        numbers: list[tuple[int]] = []
        deleted = 0
        # A little more than needed, so that the next takes need not look again.
        enough = limit_bytes - limit_bytes // 50
        with self._writing() as connection:
            for number, name in goes:
                if self._takes_bytes <= enough:
                    break
                (self.takes_dir / Path(name).name).unlink(missing_ok=True)
                self._takes_bytes -= sizes.get(name, 0)
                deleted += name in sizes
                if number is not None:
                    numbers.append((number,))
            connection.executemany("UPDATE attempts SET take_file = '' WHERE id = ?", numbers)
        log.info("%d kept takes were deleted for room", deleted)
        return deleted

    # ---- the file ----

    def _forget(self, which: str, parameters: Sequence[object]) -> int:
        """which: a condition on learners."""
        if not self._rows(f"SELECT 1 FROM learners WHERE {which} LIMIT 1", parameters):
            return 0
        theirs = f"learner_id IN (SELECT id FROM learners WHERE {which})"
        # The units are most of it. They go first and little by little, so that whoever practises
        # meanwhile never waits long; what they have been summed up to goes with their learner.
        numbers = [
            row[0] for row in self._rows(f"SELECT id FROM attempts WHERE {theirs}", parameters)
        ]
        for start in range(0, len(numbers), _AT_ONCE):
            few = numbers[start : start + _AT_ONCE]
            with self._writing() as connection:
                connection.executemany(
                    "DELETE FROM units WHERE attempt_id = ?", [(number,) for number in few]
                )
        with self._writing() as connection:
            files = connection.execute(
                f"SELECT take_file FROM attempts WHERE {theirs} AND take_file != ''", parameters
            )
            # Before the rows: after a power cut here, what is left still says what to delete.
            for (name,) in files.fetchall():
                (self.takes_dir / Path(name).name).unlink(missing_ok=True)
            deleted = connection.execute(
                f"DELETE FROM attempts WHERE {theirs}", parameters
            ).rowcount
            # Sums go with their learner.
            connection.execute(f"DELETE FROM learners WHERE {which}", parameters)
            for statement in RECOUNT.split(";"):
                connection.execute(statement)
            # A sentence nobody has tried any more may be a teacher's deleted one.
            connection.execute(
                "DELETE FROM prompts WHERE id NOT IN (SELECT prompt_id FROM attempts)"
            )
        self._takes_bytes = None
        self._empty_log()
        return deleted

    def _empty_log(self) -> None:
        """The log holds the old pages until it is emptied."""
        with self._trouble():
            self._connection().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

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

    def _rows(self, query: str, parameters: Sequence[object] = ()) -> list[Any]:
        with self._trouble():
            return self._connection().execute(query, parameters).fetchall()

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with self._trouble():
            connection = self._connection()
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                # A failed COMMIT may have ended the transaction itself.
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise

    @contextmanager
    def _trouble(self) -> Iterator[None]:
        """What SQLite and the disk have to say, as one sentence."""
        try:
            yield
        except (sqlite3.Error, OSError, *_NONSENSE) as error:
            if _is_damage(error):
                # Looked through at the next opening and set aside: attempts have a place again.
                self.close()
                self._in_doubt = True
            raise HistoryError(
                f"Attempts cannot be kept or read in {self.path} ({error}): check the disk's "
                "space and rights.",
                path=self.path,
            ) from error

    def _connection(self) -> sqlite3.Connection:
        if self._open is None:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            try:
                self._open = _opened(self.path, self._busy_s, look_through=self._in_doubt)
            except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
                if not _is_damage(error):
                    raise
                _set_aside(self.path, error)
                self._open = _opened(self.path, self._busy_s)
            self._in_doubt = False
        return self._open


def damaged_files(folder: Path) -> tuple[Path, ...]:
    """Find databases that were set aside, with what lay beside them; they hold names and attempts.

    folder: the store's.
    """
    return tuple(sorted(folder.glob(f"{FILE_NAME}.damaged-*")))


def _takes(folder: Path) -> Iterator[tuple[str, int]]:
    """Kept takes with their sizes in bytes."""
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.name.endswith(".wav"):
                    yield entry.name, _size(Path(entry.path))
    except FileNotFoundError:
        return


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:  # deleted by a command meanwhile
        return 0


def _opened(path: Path, busy_s: float, look_through: bool = False) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=busy_s, isolation_level=None)
    try:
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA secure_delete = ON")
        if connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
            connection.execute("PRAGMA journal_mode = WAL")
        # In WAL, less than FULL may lose the last attempts when the power is cut.
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA journal_size_limit = 4000000")
        connection.execute("PRAGMA cache_size = -8000")
        migrate(connection)
        # Some damage shows here rather than in a lesson; looking through reads the whole file.
        connection.execute("SELECT max(id) FROM attempts").fetchone()
        if look_through:
            _look_through(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def _look_through(connection: sqlite3.Connection) -> None:
    found = str(connection.execute("PRAGMA quick_check(1)").fetchone()[0])
    if found != "ok":
        error = sqlite3.DatabaseError(found)
        error.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
        raise error


def _is_damage(error: Exception) -> bool:
    if isinstance(error, _NONSENSE):
        return True
    codes = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
    code = getattr(error, "sqlite_errorcode", None)
    return code is not None and (code & 0xFF) in codes


def _set_aside(path: Path, error: Exception) -> None:
    number = 1
    while (aside := path.with_name(f"{path.name}.damaged-{number}")).exists():
        number += 1
    log.error("%s is damaged (%s): it is kept as %s, and a new one begins", path, error, aside)
    for suffix in ("-wal", "-shm"):
        beside = path.with_name(path.name + suffix)
        if beside.exists():
            beside.replace(aside.with_name(aside.name + suffix))
    path.replace(aside)


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


def _where(learner_id: int | None) -> str:
    return "" if learner_id is None else "WHERE a.learner_id = ?"


def _parameters(learner_id: int | None) -> tuple[int, ...]:
    return () if learner_id is None else (learner_id,)


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _learner(row: Any) -> Learner:
    return Learner(int(row[0]), str(row[1]), str(row[2]), bool(row[3]), int(row[4]))


def _learner_row(
    learner: Learner | None, rows: Sequence[Any], scales: Mapping[str, Sequence[str]]
) -> LearnerRow:
    """rows: learner, attempts, scored, sum, best, newest, scorers; several only for guests.

    scales: what each scorer's number stands for.
    """
    scored = sum(int(row[2]) for row in rows)
    stamps = [str(row[5]) for row in rows]
    return LearnerRow(
        learner=learner,
        attempts=sum(int(row[1]) for row in rows),
        scored=scored,
        mean=sum(float(row[3]) for row in rows) / scored if scored else None,
        best=max((float(row[4]) for row in rows if row[4] is not None), default=None),
        bundles=len(
            {tuple(scales[number]) for row in rows if row[6] for number in row[6].split(",")}
        ),
        last_at=datetime.fromisoformat(max(stamps)) if stamps else None,
    )


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


def _export_row(attempt: Attempt, learner: str, animal: str) -> dict[str, str]:
    score = attempt.score

    def number(value: float | None) -> str:
        return "" if value is None else f"{value:.1f}"

    units = " ".join(
        f"{unit.text}={number(unit.score) if unit.said else 'left_out'}" for unit in score.units
    )
    return {
        "at": _stamp(attempt.at),
        "clock_set": "yes" if attempt.clock_set else "no",
        "learner": learner,
        "animal": animal,
        "list": attempt.list_id,
        "sentence": attempt.sentence_id,
        "text": attempt.text,
        "language": attempt.language,
        "verdict": score.verdict.value,
        "score": number(score.score),
        "accuracy": number(score.accuracy),
        "fluency": number(score.fluency),
        "prosody": number(score.prosody),
        "units": units,
        "bundle": score.bundle.name if score.bundle else "",
        "bundle_sha256": score.bundle.sha256 if score.bundle else "",
        "engine": score.reference.engine if score.reference else "",
        "voice": score.reference.voice if score.reference else "",
        "app_version": attempt.app_version,
    }
