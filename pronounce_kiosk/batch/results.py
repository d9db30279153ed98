"""Write attempts as CSV for a spreadsheet."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from pronounce_kiosk.core.atomic import write_atomically
from pronounce_kiosk.core.errors import UsageError
from pronounce_kiosk.history.attempts import EXPORT_COLUMNS
from pronounce_kiosk.sentences.writer import table_bytes


def write_results(
    path: Path, rows: Iterable[Mapping[str, str]], columns: Sequence[str] = EXPORT_COLUMNS
) -> int:
    """Write attempts (`HistoryStore.export_rows`) completely or not at all; return their number.

    The folder must exist: a created one would lie on the card after a stick was pulled out.

    Raises:
        UsageError: The folder does not exist.
        OSError: The file cannot be written.
    """
    if not path.parent.is_dir():
        raise UsageError(f"There is no folder {path.parent}: make it first.", path=path)
    data, count = table_bytes(columns, rows)
    write_atomically(path, data)
    return count
