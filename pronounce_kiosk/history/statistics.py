"""What the attempts add up to: of a learner in a list, and of a class for its teacher."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from statistics import fmean
from typing import Any

from pronounce_kiosk.core.grades import grade
from pronounce_kiosk.history.learners import Learners
from pronounce_kiosk.history.records import (
    EVERYTHING,
    Confusion,
    DayRow,
    LearnerRow,
    ListSummary,
    MissedUnit,
    Scope,
    SentenceName,
    SentenceRow,
    WeakUnit,
)
from pronounce_kiosk.history.schema import POINTS, SUMS

_SENTENCES_OF_A_UNIT = 3
CONFUSION_COLUMNS = ("language", "sound", "heard", "times", "learners")

# A phone is kept as [phone, points] or, where another one was heard, [phone, points, heard]
# (`history.schema`); only the latter have a comma before a quotation mark, so that units without
# a confusion are not parsed.
_CONFUSIONS = """
    SELECT p.language, json_extract(phone.value, '$[0]'), json_extract(phone.value, '$[2]'),
           count(*), count(DISTINCT a.learner_id)
    FROM attempts a
    JOIN prompts p ON p.id = a.prompt_id
    JOIN units u ON u.attempt_id = a.id AND instr(u.phones, ',"') > 0
    JOIN json_each(u.phones) phone ON json_array_length(phone.value) > 2
    WHERE a.verdict = 'scored' AND {}
    GROUP BY 1, 2, 3
    ORDER BY count(*) DESC, 1, 2, 3
"""


class Statistics(Learners):
    """Overviews: of everything from the sums that `Attempts` writes, of less by counting."""

    def list_summary(self, learner_id: int, sentences: Collection[SentenceName]) -> ListSummary:
        """How a learner stands in some sentences, with the units to practise and where they are."""
        lists = json.dumps([name.list_id for name in sentences])
        wanted = set(sentences)
        with self._trouble():
            prompts = self._rows(
                """SELECT id, list_id, sentence_id, text, language FROM prompts
                   WHERE list_id IN (SELECT value FROM json_each(?))""",
                (lists,),
            )
            names = {number: SentenceName(*name) for number, *name in prompts}
            numbers = json.dumps([number for number, name in names.items() if name in wanted])
            newest = self._rows(
                """SELECT a.prompt_id, max(a.score), max(a.id) FROM attempts a
                   WHERE a.learner_id = ? AND a.score IS NOT NULL
                     AND a.prompt_id IN (SELECT value FROM json_each(?))
                   GROUP BY a.prompt_id""",
                (learner_id, numbers),
            )
            units = self._rows(
                f"""SELECT u.text, avg({POINTS}), a.prompt_id
                    FROM attempts a JOIN units u ON u.attempt_id = a.id
                    WHERE a.id IN (SELECT value FROM json_each(?)) AND {POINTS} IS NOT NULL
                    GROUP BY u.text, a.id ORDER BY avg({POINTS})""",
                (json.dumps([row[2] for row in newest]),),
            )
            bests = [best for _, best, _ in newest]
            return ListSummary(
                sentences=len(bests),
                mean_best=fmean(bests) if bests else None,
                weak=_weak_units((text, mean, names[number]) for text, mean, number in units),
            )

    def learners_overview(self, scope: Scope = EVERYTHING) -> tuple[LearnerRow, ...]:
        """Who has practised, by nickname, guests together last; of everything, all learners."""
        with self._trouble():
            rows = self._rows(
                f"""SELECT CASE WHEN l.guest THEN NULL ELSE l.id END, sum(n.attempts),
                           total(n.points) / nullif(sum(n.scored), 0), max(n.best), max(n.last_at)
                    FROM {self._counted("learner_sums", scope)} n
                    JOIN learners l ON l.id = n.learner_id GROUP BY 1""",
                scope.parameters,
            )
            named = {learner.id: learner for learner in self.learners()}
            found = {
                who: LearnerRow(named.get(who), n, mean, best, datetime.fromisoformat(last))
                for who, n, mean, best, last in rows
            }
            if scope == EVERYTHING:
                for who, learner in named.items():
                    found.setdefault(who, LearnerRow(learner, 0, None, None, None))
            return tuple(sorted(found.values(), key=_by_nickname))

    def sentences_overview(self, scope: Scope = EVERYTHING) -> tuple[SentenceRow, ...]:
        """Every sentence that was tried, the weakest first."""
        rows = self._rows(
            f"""SELECT p.list_id, p.sentence_id, p.text, p.language, n.attempts,
                       n.points / nullif(n.scored, 0) AS mean, n.best, n.learners
                FROM {self._counted("class_prompt_sums", scope)} n
                JOIN prompts p ON p.id = n.prompt_id ORDER BY mean NULLS LAST, p.id""",
            scope.parameters,
        )
        return tuple(SentenceRow(SentenceName(*row[:4]), *row[4:]) for row in rows)

    def missed_units(self, scope: Scope = EVERYTHING) -> tuple[MissedUnit, ...]:
        """Which units are missed most: times first, then share."""
        rows = self._rows(
            f"""SELECT n.text, p.language, p.list_id, p.sentence_id, p.text, n.times, n.missed,
                       n.points
                FROM {self._counted("class_unit_sums", scope)} n
                JOIN prompts p ON p.id = n.prompt_id ORDER BY n.missed DESC""",
            scope.parameters,
        )
        by_unit: dict[tuple[str, str], list[Any]] = defaultdict(list)
        for row in rows:
            by_unit[row[0], row[1]].append(row)
        units = []
        with self._trouble():
            for (text, language), found in by_unit.items():
                times, missed, points = (sum(row[column] for row in found) for column in (5, 6, 7))
                sentences = tuple(
                    SentenceName(row[2], row[3], row[4], language) for row in found if row[6]
                )
                if missed:
                    held = sentences[:_SENTENCES_OF_A_UNIT]
                    units.append(MissedUnit(text, language, times, missed, points / times, held))
            return tuple(sorted(units, key=lambda unit: (-unit.missed, -unit.share)))

    def days(self, scope: Scope = EVERYTHING) -> tuple[DayRow, ...]:
        """Attempts and mean score of each day with any, oldest first; the chart over time."""
        rows = self._rows(
            f"""SELECT n.day, n.attempts, n.points / nullif(n.scored, 0), n.clock_set
                FROM {self._counted("class_day_sums", scope)} n ORDER BY n.day""",
            scope.parameters,
        )
        return tuple(DayRow(day, n, mean, bool(clock_set)) for day, n, mean, clock_set in rows)

    def confusions(self, scope: Scope = EVERYTHING) -> tuple[Confusion, ...]:
        """Count which sounds were said for which, the most frequent first."""
        rows = self._rows(_CONFUSIONS.format(scope.condition), scope.parameters)
        return tuple(Confusion(*row) for row in rows)

    def _counted(self, sums: str, scope: Scope) -> str:
        """The table of sums where everything counts, else the query that counts the scope."""
        return sums if scope == EVERYTHING else f"({SUMS[sums].format(scope.condition)})"


def confusion_rows(found: Sequence[Confusion]) -> Iterator[dict[str, str]]:
    """Give the confusions as text by `CONFUSION_COLUMNS`; a sound left out is ``(left out)``."""
    for one in found:
        numbers = (str(one.times), str(one.learners))
        cells = (one.language, one.target, one.heard or "(left out)", *numbers)
        yield dict(zip(CONFUSION_COLUMNS, cells, strict=True))


def _weak_units(rows: Iterable[tuple[str, float, SentenceName]]) -> tuple[WeakUnit, ...]:
    """rows: a unit's mean in a sentence, the worst first."""
    found: dict[str, list[tuple[float, SentenceName]]] = defaultdict(list)
    for text, mean, name in rows:
        found[text].append((mean, name))
    units = (
        WeakUnit(text, fmean(mean for mean, _ in held), tuple(name for _, name in held))
        for text, held in found.items()
    )
    return tuple(sorted((u for u in units if grade(u.mean) != "good"), key=lambda unit: unit.mean))


def _by_nickname(row: LearnerRow) -> tuple[bool, str, str, int]:
    who = row.learner
    return (True, "", "", 0) if who is None else (False, who.nickname, who.animal, who.number)
