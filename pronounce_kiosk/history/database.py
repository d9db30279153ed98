"""`Database`: the one SQLite file of all attempts, opened so that a power cut loses nothing."""

import logging
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

from pronounce_kiosk.core.errors import HistoryError
from pronounce_kiosk.history.clock import clock_is_set, now
from pronounce_kiosk.history.schema import migrate

log = logging.getLogger(__name__)

FILE_NAME = "history.sqlite3"
TAKES_FOLDER = "takes"
BUSY_S = 5.0
"""How long a call waits for another process that writes."""
_NONSENSE = (ValueError, TypeError, KeyError, ArithmeticError)
"""What reading a damaged page raises where SQLite does not notice the damage: a verdict or time
that is none, text that is not UTF-8."""


class Database:
    """Open the file at the first use, and make it where there is none.

    Every method raises `HistoryError` where the disk is full, read-only or damaged; a full disk
    still reads. A damaged file is set aside once (``history.sqlite3.damaged-1``) and a new one
    begun, so that the lesson goes on.

    folder: where the file and the kept takes lie; made where it is missing. now: the time, UTC.
    clock_is_set: whether the time can be believed. busy_s: how long a call waits for another
    process that writes.
    """

    def __init__(
        self,
        folder: Path,
        now: Callable[[], datetime] = now,
        clock_is_set: Callable[[], bool] = clock_is_set,
        busy_s: float = BUSY_S,
    ) -> None:
        self.path = folder / FILE_NAME
        self.takes_dir = folder / TAKES_FOLDER
        self._now = now
        self._clock_is_set = clock_is_set
        self._busy_s = busy_s
        self._open: sqlite3.Connection | None = None
        self._in_doubt = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file. The next use opens it again."""
        if self._open is not None:
            self._open.close()
            self._open = None

    def _empty_log(self) -> None:
        """Empty the write-ahead log, which holds deleted pages until then."""
        with self._trouble():
            self._connection().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def _rows(self, query: str, parameters: Sequence[object] = ()) -> list[Any]:
        with self._trouble():
            return self._connection().execute(query, parameters).fetchall()

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        # A connection as a context manager commits, or rolls back.
        with self._trouble(), self._connection() as connection:
            connection.execute("BEGIN IMMEDIATE")
            yield connection

    @contextmanager
    def _trouble(self) -> Iterator[None]:
        """Convert errors of SQLite, the disk and the rows to `HistoryError`."""
        try:
            yield
        except (sqlite3.Error, OSError, *_NONSENSE) as error:
            if _is_damage(error):
                # Looked through at the next opening and set aside: attempts have a place again.
                self.close()
                self._in_doubt = True
            raise HistoryError(
                f"Attempts cannot be kept or read in {self.path} ({error}): check the disk's "
                "space and rights.",
                path=self.path,
            ) from error

    def _connection(self) -> sqlite3.Connection:
        if self._open is None:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            try:
                self._open = _opened(self.path, self._busy_s, look_through=self._in_doubt)
            except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
                if not _is_damage(error):
                    raise
                _set_aside(self.path, error)
                self._open = _opened(self.path, self._busy_s)
            self._in_doubt = False
        return self._open


def damaged_files(folder: Path) -> tuple[Path, ...]:
    """Find databases that were set aside, with what lay beside them, in the store's folder."""
    return tuple(sorted(folder.glob(f"{FILE_NAME}.damaged-*")))


_FORGET_IN_DAMAGED = (
    "PRAGMA foreign_keys = ON",
    # Merges the write-ahead log into the file.
    "PRAGMA journal_mode = DELETE",
    "REINDEX",
    "DELETE FROM learners WHERE nickname = ? AND animal = ?",
    # Attempts whose learner's row was lost may be anybody's.
    "DELETE FROM attempts WHERE learner_id NOT IN (SELECT id FROM learners)",
    "DELETE FROM prompts WHERE id NOT IN (SELECT prompt_id FROM attempts)",
    # Writes the file anew from the rows that are left, so that no lost page keeps a deleted one.
    "VACUUM",
)


def forget_in_damaged(folder: Path, nickname: str, animal: str) -> None:
    """Delete a learner, and namesakes, from the databases that were set aside.

    One that SQLite cannot read, or that is no longer whole, is deleted.

    Raises:
        sqlite3.OperationalError, OSError: The disk is full or refuses; nothing was lost.
    """
    found = damaged_files(folder)
    for path in found:
        if path.name.endswith(("-wal", "-shm")):
            continue
        try:
            uri = f"{path.absolute().as_uri()}?mode=rw"
            with closing(sqlite3.connect(uri, uri=True, isolation_level=None)) as connection:
                for statement in _FORGET_IN_DAMAGED:
                    named = (nickname, animal)[: statement.count("?")]
                    connection.execute(statement, named).fetchall()
        except sqlite3.Error as error:
            # A table that is missing has this code too; other operations fail for want of a disk.
            lacks_table = error.sqlite_errorcode == sqlite3.SQLITE_ERROR
            if isinstance(error, sqlite3.OperationalError) and not lacks_table:
                raise
            log.info("%s cannot be read (%s) and is deleted with a learner", path, error)
            path.unlink(missing_ok=True)
    # A log whose database is gone holds what it held.
    for path in found:
        if not Path(str(path).removesuffix("-wal").removesuffix("-shm")).exists():
            path.unlink(missing_ok=True)


def _opened(path: Path, busy_s: float, look_through: bool = False) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=busy_s, isolation_level=None)
    try:
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA secure_delete = ON")
        if connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
            connection.execute("PRAGMA journal_mode = WAL")
        # In WAL, less than FULL may lose the last attempts when the power is cut.
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA journal_size_limit = 4000000")
        connection.execute("PRAGMA cache_size = -8000")
        migrate(connection)
        # Some damage shows here rather than in a lesson; looking through reads the whole file.
        connection.execute("SELECT max(id) FROM attempts").fetchone()
        if look_through:
            _look_through(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def _look_through(connection: sqlite3.Connection) -> None:
    found = str(connection.execute("PRAGMA quick_check(1)").fetchone()[0])
    if found != "ok":
        error = sqlite3.DatabaseError(found)
        error.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
        raise error


def _is_damage(error: Exception) -> bool:
    if isinstance(error, _NONSENSE):
        return True
    codes = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
    code = getattr(error, "sqlite_errorcode", None)
    return code is not None and (code & 0xFF) in codes


def _set_aside(path: Path, error: Exception) -> None:
    number = 1
    while (aside := path.with_name(f"{path.name}.damaged-{number}")).exists():
        number += 1
    log.error("%s is damaged (%s): it is kept as %s, and a new one begins", path, error, aside)
    for suffix in ("-wal", "-shm"):
        beside = path.with_name(path.name + suffix)
        if beside.exists():
            beside.replace(aside.with_name(aside.name + suffix))
    path.replace(aside)


def stamp(moment: datetime) -> str:
    """Write a moment as the tables hold it: UTC, in milliseconds."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
