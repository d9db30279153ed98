"""Attempts as rows of text, for a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterator

from pronounce_kiosk.history.attempts import ATTEMPT, Attempts, parameters_of, where
from pronounce_kiosk.history.database import stamp
from pronounce_kiosk.history.learners import Learners, learner_of
from pronounce_kiosk.history.records import Attempt

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


class Export(Attempts, Learners):
    """All attempts, read a page at a time."""

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
            for one in map(learner_of, everybody)
        }
        condition = where(learner_id) or "WHERE 1"
        after = 0
        while True:
            page = self._attempts(
                f"{ATTEMPT} {condition} AND a.id > ? ORDER BY a.id LIMIT 500",
                (*parameters_of(learner_id), after),
            )
            if not page:
                return
            for attempt in page:
                name, animal = names.get(attempt.learner_id, ("", ""))
                yield _export_row(attempt, name, animal)
            after = page[-1].id


def _export_row(attempt: Attempt, learner: str, animal: str) -> dict[str, str]:
    score = attempt.score

    def number(value: float | None) -> str:
        return "" if value is None else f"{value:.1f}"

    units = " ".join(
        f"{unit.text}={number(unit.score) if unit.said else 'left_out'}" for unit in score.units
    )
    return {
        "at": stamp(attempt.at),
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
