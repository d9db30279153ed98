"""A connection that only reads the attempts, for questions that `HistoryStore` does not answer."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from pronounce_kiosk.core.errors import HistoryError

_BUSY_S = 5.0


def read_rows(path: Path, query: str, parameters: Sequence[object] = ()) -> list[Any]:
    """Answer a query from the history's file, which a `HistoryStore` has opened before.

    Raises:
        HistoryError: The file cannot be read.
    """
    try:
        with closing(
            sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", timeout=_BUSY_S, uri=True)
        ) as connection:
            return connection.execute(query, parameters).fetchall()
    except sqlite3.Error as error:
        raise HistoryError(
            f"Attempts cannot be read in {path} ({error}): check the disk.", path=path
        ) from error
