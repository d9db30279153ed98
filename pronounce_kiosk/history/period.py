"""What a class has done since a day: the overviews of `HistoryStore`, which count all days."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from pronounce_kiosk.core.grades import RED_BELOW
from pronounce_kiosk.history.reading import read_rows
from pronounce_kiosk.history.records import (
    LearnerRow,
    MissedUnit,
    SentenceName,
    SentenceRow,
)
from pronounce_kiosk.history.store import HistoryStore

_POINTS = "CASE WHEN u.said THEN u.score ELSE 0.0 END"
_SENTENCES_OF_A_UNIT = 3


def learners_since(history: HistoryStore, day: str) -> tuple[LearnerRow, ...]:
    """Who has practised since a day, by nickname; all guests together come last."""
    rows = read_rows(
        history.path,
        """SELECT CASE WHEN l.guest THEN NULL ELSE l.id END AS who, count(*), count(a.score),
                  avg(a.score), max(a.score),
                  count(DISTINCT CASE WHEN a.score IS NOT NULL THEN
                      s.bundle || '/' || s.bundle_sha256 || '/' || s.engine || '/' || s.voice END),
                  max(a.at)
           FROM attempts a
           JOIN learners l ON l.id = a.learner_id
           JOIN scorers s ON s.id = a.scorer_id
           WHERE a.day >= ? GROUP BY who""",
        (day,),
    )
    named = {learner.id: learner for learner in history.learners()}
    found = [
        LearnerRow(
            named.get(who), attempts, scored, mean, best, bundles, datetime.fromisoformat(last_at)
        )
        for who, attempts, scored, mean, best, bundles, last_at in rows
    ]
    return tuple(sorted(found, key=_by_nickname))


def _by_nickname(row: LearnerRow) -> tuple[bool, str, str]:
    who = row.learner
    return (True, "", "") if who is None else (False, who.nickname, who.animal)


def sentences_since(path: Path, day: str) -> tuple[SentenceRow, ...]:
    """Every sentence that was tried since a day, the weakest first."""
    rows = read_rows(
        path,
        """SELECT p.list_id, p.sentence_id, p.text, p.language, count(*), count(a.score),
                  avg(a.score), max(a.score), count(DISTINCT a.learner_id)
           FROM attempts a JOIN prompts p ON p.id = a.prompt_id
           WHERE a.day >= ? GROUP BY p.id ORDER BY avg(a.score) NULLS LAST, p.id""",
        (day,),
    )
    return tuple(SentenceRow(SentenceName(*row[:4]), *row[4:]) for row in rows)


def missed_since(path: Path, day: str) -> tuple[MissedUnit, ...]:
    """Which units were missed since a day (red or left out), most often first."""
    rows = read_rows(
        path,
        f"""SELECT u.text, p.language, p.list_id, p.sentence_id, p.text, count(*),
                   sum({_POINTS} < ?), sum({_POINTS})
            FROM attempts a
            JOIN prompts p ON p.id = a.prompt_id
            JOIN units u ON u.attempt_id = a.id
            WHERE a.day >= ? AND a.verdict = 'scored' AND {_POINTS} IS NOT NULL
            GROUP BY u.text, p.id ORDER BY 7 DESC""",
        (RED_BELOW, day),
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
