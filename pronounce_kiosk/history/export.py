"""Attempts as rows of text, for a spreadsheet."""

from collections.abc import Iterator, Sequence

from pronounce_kiosk.history.attempts import ATTEMPT, Attempts, scored_by
from pronounce_kiosk.history.database import stamp
from pronounce_kiosk.history.learners import Learners
from pronounce_kiosk.history.records import EVERYTHING, Attempt, Confusion, Scope

_PAGE = 500

EXPORT_COLUMNS: tuple[str, ...] = (
    "at", "clock_set", "learner", "animal", "list", "sentence", "text", "language",
    "verdict", "score", "accuracy", "fluency", "prosody", "units",
    "bundle", "bundle_sha256", "engine", "voice", "app_version",
)  # fmt: skip
CONFUSION_COLUMNS = ("language", "sound", "heard", "times", "learners")


class Export(Attempts, Learners):
    """All attempts, read a page at a time."""

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


def _cells(attempt: Attempt, learner: str, animal: str) -> tuple[str, ...]:
    """The cells of an attempt, in the order of `EXPORT_COLUMNS`."""
    score, sentence = attempt.score, attempt.sentence
    bundle, reference = scored_by(score)
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


def confusion_rows(found: Sequence[Confusion]) -> Iterator[dict[str, str]]:
    """Give the confusions as text by `CONFUSION_COLUMNS`; a sound left out is ``(left out)``."""
    for one in found:
        numbers = (str(one.times), str(one.learners))
        cells = (one.language, one.target, one.heard or "(left out)", *numbers)
        yield dict(zip(CONFUSION_COLUMNS, cells, strict=True))
