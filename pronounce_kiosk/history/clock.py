"""What time it is, and whether that can be believed: a Pi has no clock of its own."""

import ctypes
import os
from datetime import UTC, datetime
from pathlib import Path

SYNCHRONISED_FILE = Path("/run/systemd/timesync/synchronized")
"""systemd-timesyncd makes it at the first answer of a time server."""
_SET_BY_HAND = "pronounce-kiosk-clock-set"
"""Lies in the user's runtime folder, which the device forgets when it is switched off."""
_TIMEX_BYTES = 512
"""More than `struct timex` takes anywhere; with modes 0 the kernel only reads."""
_TIME_ERROR = 5


def now() -> datetime:
    """The time, UTC, to the millisecond."""
    moment = datetime.now(UTC)
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def clock_is_set(synchronised_file: Path = SYNCHRONISED_FILE) -> bool:
    """True where a time server, or a teacher, has set the clock since power on.

    systemd's mark, else what the kernel says (any other NTP client tells the kernel). Where
    neither can be asked, False.
    """
    try:
        mark = _mark()
        if synchronised_file.exists() or (mark is not None and mark.exists()):
            return True
    except OSError:
        pass
    return _kernel_says_synchronised()


def mark_clock_set() -> None:
    """Note that somebody set the clock by hand, until the device is switched off."""
    if (mark := _mark()) is not None:
        mark.touch()


def _mark() -> Path | None:
    folder = os.environ.get("XDG_RUNTIME_DIR", "")
    return Path(folder) / _SET_BY_HAND if folder else None


def _kernel_says_synchronised() -> bool:
    try:
        adjtimex = ctypes.CDLL(None, use_errno=True).adjtimex
    except (OSError, AttributeError):
        return False
    buffer = ctypes.create_string_buffer(_TIMEX_BYTES)
    state = int(adjtimex(buffer))
    return 0 <= state < _TIME_ERROR
