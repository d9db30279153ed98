"""Locks between processes; each ends with the process that holds it."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self, TextIO

ALREADY_RUNNING = {
    "ko": "이 기기에서 키오스크가 이미 실행 중입니다. 그 창을 쓰세요.",
    "en": "The kiosk is already running on this device: use its window.",
}
"""Message of a second start. Not among the window's translations, as no window exists yet."""


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Wait for the lock of a file, which is made where missing, and hold it. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


class ProcessLock:
    """Allows one kiosk per device: held from `acquire` until `release` or the process's end.

    Uses flock, so it also ends after `kill -9` or a power cut, and a file left behind locks nobody
    out. Child processes do not inherit it.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file: TextIO | None = None

    def acquire(self) -> bool:
        """Try to take the lock; True where this process holds it now. Raises OSError."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        file = self.path.open("w")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            return False
        self._file = file
        return True

    def release(self) -> None:
        """Release the lock, where held. The file stays."""
        if self._file is not None:
            self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.release()
