"""Attempts as CSV for a spreadsheet, and the commands that write and delete them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from pronounce_kiosk.core.atomic import write_atomically
from pronounce_kiosk.core.errors import UsageError
from pronounce_kiosk.history.export import EXPORT_COLUMNS
from pronounce_kiosk.sentences.cells import escape_formulas


def write_results(
    path: Path, rows: Iterable[Mapping[str, str]], columns: Sequence[str] = EXPORT_COLUMNS
) -> int:
    """Write attempts (`HistoryStore.export_rows`) whole or not at all; how many there were.

    UTF-8 with BOM (Excel needs it), comma, CRLF; what could start a formula gets an apostrophe.
    The folder must exist: made anew, it would be on the card after a stick was pulled out.
    Raises `UsageError` where it does not, OSError where the disk refuses.
    """
    if not path.parent.is_dir():
        raise UsageError(f"There is no folder {path.parent}: make it first.", path=path)
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(columns)
    count = 0
    for row in rows:
        writer.writerow([escape_formulas(row[column]) for column in columns])
        count += 1
    write_atomically(path, text.getvalue().encode("utf-8-sig"))
    return count
