"""Which sounds a class says for which: counted from the phones that each attempt keeps."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pronounce_kiosk.history.reading import read_rows

CONFUSION_COLUMNS = ("language", "sound", "heard", "times", "learners")

# A phone is kept as [phone, points] or, where another one was heard, [phone, points, heard]
# (`history.schema`); only the latter have a comma before a quotation mark, so that units without
# a confusion are not parsed.
_QUERY = """
    SELECT p.language, json_extract(phone.value, '$[0]'), json_extract(phone.value, '$[2]'),
           count(*), count(DISTINCT a.learner_id)
    FROM attempts a
    JOIN prompts p ON p.id = a.prompt_id
    JOIN units u ON u.attempt_id = a.id AND instr(u.phones, ',"') > 0
    JOIN json_each(u.phones) phone ON json_array_length(phone.value) > 2
    WHERE a.verdict = 'scored' AND a.day >= ?
    GROUP BY 1, 2, 3
    ORDER BY count(*) DESC, 1, 2, 3
"""


@dataclass(frozen=True)
class Confusion:
    """How often one sound was heard for another.

    target, heard: phones of the language's set; heard is "" where the sound was left out.
    learners: how many different ones said it so.
    """

    language: str
    target: str
    heard: str
    times: int
    learners: int


def confusions(path: Path, since_day: str = "") -> tuple[Confusion, ...]:
    """Count a class's confusions, the most frequent first.

    Args:
        path: The history's file (`HistoryStore.path`).
        since_day: The first day that counts, ``YYYY-MM-DD``; "" counts all.

    Raises:
        HistoryError: The file cannot be read.
    """
    return tuple(Confusion(*row) for row in read_rows(path, _QUERY, (since_day,)))


def confusion_rows(found: Sequence[Confusion]) -> Iterator[dict[str, str]]:
    """Give the confusions as text by `CONFUSION_COLUMNS`; a sound left out is ``(left out)``."""
    for one in found:
        yield {
            "language": one.language,
            "sound": one.target,
            "heard": one.heard or "(left out)",
            "times": str(one.times),
            "learners": str(one.learners),
        }
