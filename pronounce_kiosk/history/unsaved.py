"""`UnsavedAttempts`: attempts in memory that the disk does not have yet, with the takes to keep."""

import logging
import shutil
import sqlite3
import uuid
from collections import deque
from dataclasses import dataclass
from pathlib import Path

from pronounce_kiosk.audio.clip import AudioClip
from pronounce_kiosk.audio.files import write_clip
from pronounce_kiosk.core.errors import HistoryError, KioskError
from pronounce_kiosk.core.score import Score
from pronounce_kiosk.history.records import Learner, NewAttempt, SentenceName
from pronounce_kiosk.history.store import HistoryStore

log = logging.getLogger(__name__)

MOST = 200
"""Attempts that wait for a disk that refuses: a lesson's worth. The oldest is given up for more."""

ROOM_TO_LEAVE_BYTES = 500_000_000
"""Takes are the only thing here that grows without end: this much is left to everything else."""


@dataclass(frozen=True)
class UnsavedAttempt:
    """An attempt that is not on the disk yet.

    learner: None for a guest's first one. visit: counts up with every change of learner. take: the
    audio to keep, None for none. takes_limit_bytes: room for all kept takes.
    """

    learner: Learner | None
    visit: int
    name: SentenceName
    score: Score
    take: AudioClip | None = None
    takes_limit_bytes: int = 0


class UnsavedAttempts:
    """A queue in front of the store, used by the thread that the store belongs to."""

    def __init__(self) -> None:
        self._waiting: deque[UnsavedAttempt] = deque()
        self._guest: tuple[int, Learner] | None = None

    def __len__(self) -> int:
        return len(self._waiting)

    def save(self, store: HistoryStore, newest: UnsavedAttempt) -> Learner:
        """Save what waits and then this attempt, oldest first, and return its learner.

        Stops at the first refusal of the disk: every try may wait seconds for it. What was not
        saved waits for the next call. Raises the refusal.
        """
        if len(self._waiting) == MOST:
            self._waiting.popleft()
            log.error("an attempt is lost: too many wait for the disk")
        self._waiting.append(newest)
        while True:
            attempt = self._waiting[0]
            try:
                learner = self._save(store, attempt)
            except Exception as error:
                if _is_the_disk(error):
                    raise
                self._waiting.popleft()
                if attempt is newest:
                    raise
                log.error("an attempt is lost: %s", error)
                continue
            self._waiting.popleft()
            if attempt is newest:
                return learner

    def save_waiting(self, store: HistoryStore) -> None:
        """Save what waits, at the end of the program. Raises what the disk refuses."""
        if self._waiting:
            self.save(store, self._waiting.pop())

    def forget_guests(self, store: HistoryStore) -> None:
        """Forget what guests said, on the disk and what waits for it. Raises `HistoryError`."""
        self._guest = None
        self._waiting = deque(
            one for one in self._waiting if one.learner is not None and not one.learner.guest
        )
        store.forget_guests()

    def _save(self, store: HistoryStore, unsaved: UnsavedAttempt) -> Learner:
        learner = self._learner(store, unsaved)
        if store.learner(learner.id) is None:
            log.info("an attempt is dropped: its learner was forgotten meanwhile")
            return learner
        take_file = "" if unsaved.take is None else keep_take(store.takes_dir, unsaved.take)
        try:
            store.add(NewAttempt(learner.id, unsaved.name, unsaved.score, take_file))
        except Exception:
            if take_file:
                (store.takes_dir / take_file).unlink(missing_ok=True)
            raise
        if take_file:
            _bound_takes(store, unsaved.takes_limit_bytes, take_file)
        return learner

    def _learner(self, store: HistoryStore, unsaved: UnsavedAttempt) -> Learner:
        if unsaved.learner is not None:
            return unsaved.learner
        if self._guest is None or self._guest[0] != unsaved.visit:
            self._guest = (unsaved.visit, store.add_guest())
        return self._guest[1]


def _bound_takes(store: HistoryStore, limit_bytes: int, newest: str) -> None:
    """Make room. The attempt is saved already, so a refusal must not have it saved again."""
    try:
        store.bound_takes(limit_bytes, newest)
    except HistoryError as error:
        log.warning("old takes cannot be deleted: %s", error)


def _is_the_disk(error: Exception) -> bool:
    """Whether the disk refuses, so that the next attempt would be refused too."""
    if not isinstance(error, HistoryError):
        return False
    own_fault = (
        sqlite3.IntegrityError,
        sqlite3.InterfaceError,
        sqlite3.ProgrammingError,
        UnicodeEncodeError,
    )
    return not isinstance(error.__cause__, own_fault)


def keep_take(folder: Path, take: AudioClip, room_to_leave: int = ROOM_TO_LEAVE_BYTES) -> str:
    """Write a take and give the name of its file.

    "" where the disk is nearly full or refuses: an attempt counts without its audio, and the log
    says why.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if shutil.disk_usage(folder).free < room_to_leave:
            log.info("no take is kept: the disk is nearly full")
            return ""
        name = f"{uuid.uuid4().hex}.wav"
        write_clip(folder / name, take)
    except (OSError, KioskError) as error:
        log.warning("a take could not be kept: %s", error)
        return ""
    return name
