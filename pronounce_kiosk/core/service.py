"""Notify the service manager (ready, alive, status) and format logs for the journal.

The protocol is sd_notify(3): one datagram of ``NAME=value`` lines to the socket that
``NOTIFY_SOCKET`` names. Outside a service nothing here has an effect.
"""

import logging
import os
import socket
import sys
from typing import TextIO

_log = logging.getLogger(__name__)


def notify(message: str) -> bool:
    """Send ``READY=1``, ``WATCHDOG=1``, ``STATUS=...`` (lines) to the service manager.

    Never blocks or raises, as the GUI thread calls it. False where no manager listens.
    """
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address:
        return False
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as channel:
            channel.setblocking(False)
            channel.connect("\0" + address[1:] if address.startswith("@") else address)
            channel.sendall(message.encode("utf-8"))
    except OSError as error:
        _log.info("The service manager does not listen: %s", error)
        return False
    return True


def watchdog_interval_s() -> float | None:
    """Return the seconds between two ``WATCHDOG=1``: a third of the unit's; None without one."""
    # WATCHDOG_PID is ignored: under a compositor the kiosk is a child of the main process.
    try:
        limit_us = int(os.environ.get("WATCHDOG_USEC", "0"))
    except ValueError:
        return None
    return limit_us / 3e6 if limit_us > 0 else None


def in_journal() -> bool:
    """Tell whether stderr goes to the journal (and not to a terminal inside a service)."""
    try:
        status = os.fstat(sys.stderr.fileno())
    except (OSError, ValueError, AttributeError):
        return False
    return os.environ.get("JOURNAL_STREAM") == f"{status.st_dev}:{status.st_ino}"


class JournalHandler(logging.StreamHandler[TextIO]):
    """Starts each line on stderr with its level as the journal reads it: ``<6>text``."""

    _LEVELS = ((logging.ERROR, 3), (logging.WARNING, 4), (logging.INFO, 6))

    def __init__(self) -> None:
        super().__init__(sys.stderr)
        self.setFormatter(logging.Formatter("%(name)s: %(message)s"))

    def format(self, record: logging.LogRecord) -> str:
        """Format a record with its journal level before each line."""
        level = next((code for least, code in self._LEVELS if record.levelno >= least), 7)
        # The journal takes each line of a traceback for a message of its own.
        return "\n".join(f"<{level}>{line}" for line in super().format(record).splitlines())
