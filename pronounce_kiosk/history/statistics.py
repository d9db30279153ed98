"""What the attempts add up to: of a learner in a list, and of a class for its teacher."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from pronounce_kiosk.core.grades import grade
from pronounce_kiosk.history.attempts import parameters_of, where
from pronounce_kiosk.history.database import converts_errors
from pronounce_kiosk.history.learners import Learners
from pronounce_kiosk.history.records import (
    DayRow,
    Learner,
    LearnerRow,
    ListSummary,
    MissedUnit,
    SentenceName,
    SentenceRow,
    WeakUnit,
)

WEAK_UNITS = 3
_POINTS = "CASE WHEN u.said THEN u.score ELSE 0.0 END"
"""A unit's points in a query: none were earned by one that was left out."""
_SENTENCES_OF_A_UNIT = 3


class Statistics(Learners):
    """Overviews, answered from indices and from the sums that `Attempts` writes."""

    @converts_errors
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

    @converts_errors
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

    @converts_errors
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
            (*parameters_of(learner_id), list_id, list_id),
        )
        return tuple(SentenceRow(SentenceName(*row[:4]), *row[4:]) for row in rows)

    @converts_errors
    def missed_units(
        self, learner_id: int | None = None, list_id: str | None = None, limit: int = 20
    ) -> tuple[MissedUnit, ...]:
        """Which units are missed most (times first, then share), of the class or one learner."""
        rows = self._rows(
            f"""SELECT a.text, p.language, p.list_id, p.sentence_id, p.text, a.times, a.missed,
                       a.points
                FROM {"class_unit_sums" if learner_id is None else "unit_sums"} a
                JOIN prompts p ON p.id = a.prompt_id
                {where(learner_id) or "WHERE 1"} AND (? IS NULL OR p.list_id = ?)
                ORDER BY a.missed DESC""",
            (*parameters_of(learner_id), list_id, list_id),
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

    @converts_errors
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
