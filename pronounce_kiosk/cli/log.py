"""Log to a file or, as a service, to the journal."""

import logging
from logging.handlers import RotatingFileHandler
from pathlib import Path

from pronounce_kiosk.core.paths import Paths
from pronounce_kiosk.core.service import JournalHandler, in_journal


def open_log() -> Path:
    """Log to a file, created with the first record; only errors reach the terminal.

    As a service: to the journal, with levels, and to no file.
    """
    path = Paths.default().data_dir / "log" / "pronounce-kiosk.log"
    root = logging.getLogger()
    if any(isinstance(h, RotatingFileHandler | JournalHandler) for h in root.handlers):
        return path
    root.addHandler(JournalHandler() if in_journal() else file_handler(path))
    logging.getLogger("pronounce_kiosk").setLevel(logging.INFO)
    logging.captureWarnings(True)
    return path


def file_handler(path: Path) -> logging.Handler:
    """Make a handler that writes to a file; one without effect where the disk refuses."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handler: logging.Handler = QuietLogFile(
            path, maxBytes=1_000_000, backupCount=2, encoding="utf-8", delay=True
        )
    except OSError:
        # A read-only card: run without a log.
        handler = logging.NullHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    return handler


class QuietLogFile(RotatingFileHandler):
    """A log file that ignores a full disk; logging would print a traceback a record."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802
        """Ignore the error."""
