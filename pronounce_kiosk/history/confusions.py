"""Which sounds a class says for which: counted from the phones that each attempt keeps."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pronounce_kiosk.history.database import Database
from pronounce_kiosk.history.records import EVERYTHING, Scope

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
    WHERE a.verdict = 'scored' AND {}
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


class Confusions(Database):
    """Counts them."""

    def confusions(self, scope: Scope = EVERYTHING) -> tuple[Confusion, ...]:
        """Count which sounds were said for which, the most frequent first."""
        rows = self._rows(_QUERY.format(scope.condition), scope.parameters)
        return tuple(Confusion(*row) for row in rows)


def confusion_rows(found: Sequence[Confusion]) -> Iterator[dict[str, str]]:
    """Give the confusions as text by `CONFUSION_COLUMNS`; a sound left out is ``(left out)``."""
    for one in found:
        numbers = (str(one.times), str(one.learners))
        cells = (one.language, one.target, one.heard or "(left out)", *numbers)
        yield dict(zip(CONFUSION_COLUMNS, cells, strict=True))
