"""Write attempts as CSV for a spreadsheet."""

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
    """Write attempts (`HistoryStore.export_rows`) completely or not at all; return their number.

    UTF-8 with BOM (Excel needs it), comma, CRLF; a cell that could start a formula gets an
    apostrophe. The folder must exist: a created one would lie on the card after a stick was pulled
    out.

    Raises:
        UsageError: The folder does not exist.
        OSError: The file cannot be written.
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
