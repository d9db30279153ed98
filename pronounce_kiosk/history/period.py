"""What a class has done in a scope: since a day, a group alone. `Statistics` counts everything."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from pronounce_kiosk.core.grades import RED_BELOW
from pronounce_kiosk.history.database import converts_errors
from pronounce_kiosk.history.learners import Learners
from pronounce_kiosk.history.records import (
    DayRow,
    LearnerRow,
    MissedUnit,
    SentenceName,
    SentenceRow,
)

_POINTS = "CASE WHEN u.said THEN u.score ELSE 0.0 END"
_SENTENCES_OF_A_UNIT = 3


@dataclass(frozen=True)
class Scope:
    """Which attempts count.

    since_day: the first day, ``YYYY-MM-DD``; "" is the beginning. group: whose; "" is everybody's.
    """

    since_day: str = ""
    group: str = ""

    CONDITION: ClassVar[str] = """a.day >= ? AND (? = '' OR a.learner_id IN
        (SELECT learner_id FROM class_groups WHERE name = ?))"""
    """For a query whose attempts are called ``a``, with `parameters`."""

    @property
    def parameters(self) -> tuple[str, str, str]:
        """The values of `CONDITION`."""
        return self.since_day, self.group, self.group


class Period(Learners):
    """The overviews of a scope, from the attempts themselves: sums are kept of all of them only."""

    @converts_errors
    def learners_in(self, scope: Scope) -> tuple[LearnerRow, ...]:
        """Return who has practised, by nickname; all guests together come last."""
        rows = self._rows(
            f"""SELECT CASE WHEN l.guest THEN NULL ELSE l.id END AS who, count(*), count(a.score),
                      avg(a.score), max(a.score),
                      count(DISTINCT CASE WHEN a.score IS NOT NULL THEN
                          s.bundle || '/' || s.bundle_sha256 || '/' || s.engine || '/' || s.voice
                      END),
                      max(a.at)
               FROM attempts a
               JOIN learners l ON l.id = a.learner_id
               JOIN scorers s ON s.id = a.scorer_id
               WHERE {Scope.CONDITION} GROUP BY who""",
            scope.parameters,
        )
        named = {learner.id: learner for learner in self.learners()}
        found = [
            LearnerRow(
                named.get(who),
                attempts,
                scored,
                mean,
                best,
                bundles,
                datetime.fromisoformat(last_at),
            )
            for who, attempts, scored, mean, best, bundles, last_at in rows
        ]
        return tuple(sorted(found, key=_by_nickname))

    @converts_errors
    def sentences_in(self, scope: Scope) -> tuple[SentenceRow, ...]:
        """Return every sentence that was tried, the weakest first."""
        rows = self._rows(
            f"""SELECT p.list_id, p.sentence_id, p.text, p.language, count(*), count(a.score),
                      avg(a.score), max(a.score), count(DISTINCT a.learner_id)
               FROM attempts a JOIN prompts p ON p.id = a.prompt_id
               WHERE {Scope.CONDITION} GROUP BY p.id ORDER BY avg(a.score) NULLS LAST, p.id""",
            scope.parameters,
        )
        return tuple(SentenceRow(SentenceName(*row[:4]), *row[4:]) for row in rows)

    @converts_errors
    def missed_in(self, scope: Scope) -> tuple[MissedUnit, ...]:
        """Return which units were missed (red or left out), most often first."""
        rows = self._rows(
            f"""SELECT u.text, p.language, p.list_id, p.sentence_id, p.text, count(*),
                       sum({_POINTS} < ?), sum({_POINTS})
                FROM attempts a
                JOIN prompts p ON p.id = a.prompt_id
                JOIN units u ON u.attempt_id = a.id
                WHERE {Scope.CONDITION} AND a.verdict = 'scored' AND {_POINTS} IS NOT NULL
                GROUP BY u.text, p.id ORDER BY 7 DESC""",
            (RED_BELOW, *scope.parameters),
        )
        sums: dict[tuple[str, str], list[float]] = {}
        sentences: dict[tuple[str, str], list[SentenceName]] = {}
        for unit, language, list_id, sentence_id, text, *numbers in rows:
            total = sums.setdefault((unit, language), [0.0, 0.0, 0.0])
            for place, value in enumerate(numbers):
                total[place] += value
            held = sentences.setdefault((unit, language), [])
            if numbers[1] and len(held) < _SENTENCES_OF_A_UNIT:
                held.append(SentenceName(list_id, sentence_id, text, language))
        return _missed(sums, sentences)

    @converts_errors
    def days_in(self, scope: Scope) -> tuple[DayRow, ...]:
        """Return attempts and mean score of each day with any, oldest first."""
        rows = self._rows(
            f"""SELECT a.day, count(*), count(a.score), avg(a.score), min(a.clock_set)
                FROM attempts a WHERE {Scope.CONDITION} GROUP BY a.day ORDER BY a.day""",
            scope.parameters,
        )
        return tuple(DayRow(day, n, scored, mean, bool(s)) for day, n, scored, mean, s in rows)


def _by_nickname(row: LearnerRow) -> tuple[bool, str, str]:
    who = row.learner
    return (True, "", "") if who is None else (False, who.nickname, who.animal)


def _missed(
    sums: Mapping[tuple[str, str], list[float]],
    sentences: Mapping[tuple[str, str], list[SentenceName]],
) -> tuple[MissedUnit, ...]:
    units = (
        MissedUnit(text, language, int(times), int(missed), points / times, tuple(held))
        for (text, language), (times, missed, points) in sums.items()
        if missed
        for held in (sentences[text, language],)
    )
    return tuple(sorted(units, key=lambda unit: (-unit.missed, -unit.share)))
