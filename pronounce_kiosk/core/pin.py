"""The teacher's PIN: stored as a salted scrypt hash; wrong tries delay the next one."""

import hashlib
import hmac
import json
import logging
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pronounce_kiosk.core.atomic import write_atomically
from pronounce_kiosk.core.documents import read_kept
from pronounce_kiosk.core.errors import UsageError

log = logging.getLogger(__name__)

MIN_DIGITS, MAX_DIGITS = 4, 8
FREE_TRIES = 3
"""Wrong tries before waiting begins."""
FIRST_WAIT_S = 5.0
LONGEST_WAIT_S = 300.0
_COST = {"n": 2**14, "r": 8, "p": 1}
"""scrypt's cost: 50 ms and 16 MB on a Pi; trying all PINs of six digits takes a day."""


@dataclass(frozen=True)
class _Kept:
    salt: bytes
    hash: bytes
    wrong: int = 0


class Pin:
    """The PIN stored in ``path``.

    A missing or damaged file counts as no PIN: the kiosk's start and the command ``pin`` ask an
    adult for one, so nobody is locked out for good (a maintainer may remove the file).

    Args:
        clock: Monotonic seconds. A wait starts anew with the program; the count of wrong tries does
            not.
    """

    def __init__(self, path: Path, clock: Callable[[], float] = time.monotonic) -> None:
        self._path = path
        self._clock = clock
        self._wait_until_s = 0.0
        kept = self._read()
        # Counted in memory too, for a disk that cannot be written.
        self._wrong = 0 if kept is None else kept.wrong
        self._start_wait(self._wrong)

    def is_set(self) -> bool:
        """Tell whether there is a PIN."""
        return self._read() is not None

    def set(self, pin: str) -> None:
        """Store a new PIN of 4 to 8 digits (UsageError for another form). Raises OSError."""
        if not (pin.isascii() and pin.isdigit() and MIN_DIGITS <= len(pin) <= MAX_DIGITS):
            raise UsageError(f"A PIN has {MIN_DIGITS} to {MAX_DIGITS} digits: choose another.")
        salt = secrets.token_bytes(16)
        self._write(_Kept(salt, _hash(pin, salt)))
        self._wrong = 0
        self._wait_until_s = 0.0

    def check(self, pin: str) -> bool:
        """Check a PIN, in about 50 ms; False without checking during a wait."""
        kept = self._read()
        if kept is None or self.wait_s() > 0:
            return False
        right = hmac.compare_digest(_hash(pin, kept.salt), kept.hash)
        self._wrong = 0 if right else self._wrong + 1
        self._start_wait(self._wrong)
        if self._wrong != kept.wrong:
            try:
                self._write(_Kept(kept.salt, kept.hash, self._wrong))
            except OSError as error:
                log.warning("wrong tries cannot be counted in %s: %s", self._path, error)
        return right

    def wait_s(self) -> float:
        """Return the seconds until the next try is allowed; 0 where it is now."""
        return max(0.0, self._wait_until_s - self._clock())

    def _start_wait(self, wrong: int) -> None:
        if wrong >= FREE_TRIES:
            doubled = FIRST_WAIT_S * 2.0 ** min(wrong - FREE_TRIES, 16)
            self._wait_until_s = self._clock() + min(doubled, LONGEST_WAIT_S)

    def _read(self) -> _Kept | None:
        return read_kept(self._path, _parsed, None, "a new PIN can be set")

    def _write(self, kept: _Kept) -> None:
        document = {"salt": kept.salt.hex(), "hash": kept.hash.hex(), "wrong": kept.wrong}
        write_atomically(self._path, json.dumps(document).encode())


def _parsed(document: Any) -> _Kept:
    salt, digest = bytes.fromhex(document["salt"]), bytes.fromhex(document["hash"])
    if not salt or len(digest) != 64:
        raise ValueError("no proper hash")
    return _Kept(salt, digest, max(0, int(document["wrong"])))


def _hash(pin: str, salt: bytes) -> bytes:
    return hashlib.scrypt(pin.encode(), salt=salt, **_COST)
