"""What time it is, and whether that can be believed: a Pi has no clock of its own."""

from __future__ import annotations

import ctypes
from datetime import UTC, datetime
from pathlib import Path

SYNCHRONISED_FILE = Path("/run/systemd/timesync/synchronized")
"""systemd-timesyncd makes it at the first answer of a time server."""
_TIMEX_BYTES = 512
"""More than `struct timex` takes anywhere; with modes 0 the kernel only reads."""
_TIME_ERROR = 5


def now() -> datetime:
    """The time, UTC, to the millisecond."""
    moment = datetime.now(UTC)
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def clock_is_set(synchronised_file: Path = SYNCHRONISED_FILE) -> bool:
    """True where a time server has set the clock since power on.

    systemd's mark, else what the kernel says (any other NTP client tells the kernel). Where
    neither can be asked, False.
    """
    try:
        if synchronised_file.exists():
            return True
    except OSError:
        pass
    return _kernel_says_synchronised()


def _kernel_says_synchronised() -> bool:
    try:
        adjtimex = ctypes.CDLL(None, use_errno=True).adjtimex
    except (OSError, AttributeError):
        return False
    buffer = ctypes.create_string_buffer(_TIMEX_BYTES)
    state = int(adjtimex(buffer))
    return 0 <= state < _TIME_ERROR
