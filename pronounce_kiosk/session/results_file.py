"""Attempts as CSV for a spreadsheet, and the commands that write and delete them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from pathlib import Path

from pronounce_kiosk.core.atomic import write_atomically
from pronounce_kiosk.core.errors import UsageError
from pronounce_kiosk.core.paths import Paths
from pronounce_kiosk.history.records import Learner
from pronounce_kiosk.history.store import EXPORT_COLUMNS, HistoryStore
from pronounce_kiosk.sentences.cells import escape_formulas


def write_results(path: Path, rows: Iterable[Mapping[str, str]]) -> int:
    """Write attempts (`HistoryStore.export_rows`) whole or not at all; how many there were.

    UTF-8 with BOM (Excel needs it), comma, CRLF; what could start a formula gets an apostrophe.
    The folder must exist: made anew, it would be on the card after a stick was pulled out.
    Raises `UsageError` where it does not, OSError where the disk refuses.
    """
    if not path.parent.is_dir():
        raise UsageError(f"There is no folder {path.parent}: make it first.", path=path)
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(EXPORT_COLUMNS)
    count = 0
    for row in rows:
        writer.writerow([escape_formulas(row[column]) for column in EXPORT_COLUMNS])
        count += 1
    write_atomically(path, text.getvalue().encode("utf-8-sig"))
    return count


def export_command(out: Path, nickname: str | None = None) -> int:
    """`history export`: write the attempts of all, or of a nickname, and say how many."""
    with HistoryStore(Paths.default().data_dir) as store:
        chosen = None if nickname is None else _find(store, nickname)
        if chosen is None:
            count = write_results(out, store.export_rows())
        else:
            rows = (row for learner in chosen for row in store.export_rows(learner.id))
            count = write_results(out, rows)
    print(f"{count} attempts: {out}")
    return count


def forget_command(nickname: str | None, guests: bool) -> int:
    """`history forget`: delete a nickname's attempts, the guests', or everybody's."""
    with HistoryStore(Paths.default().data_dir) as store:
        if nickname is not None:
            deleted = sum(store.forget_learner(one.id) for one in _find(store, nickname))
        elif guests:
            deleted = store.forget_guests()
        else:
            deleted = store.forget_all()
    print(f"{deleted} attempts deleted")
    return deleted


def _find(store: HistoryStore, nickname: str) -> list[Learner]:
    """Those of that nickname: two may have chosen it, with different animals."""
    learners = store.learners()
    found = [learner for learner in learners if learner.nickname == nickname]
    if not found:
        names = ", ".join(sorted({learner.nickname for learner in learners})) or "nobody yet"
        raise UsageError(f"There is no learner {nickname}: there are {names}.")
    return found
